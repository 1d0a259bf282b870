"""Reports of mail servers about letters not delivered: in the form of the standard, or in words.

Most servers follow RFC 3464. Older ones, and those of some providers, write a text; it counts as
far as it quotes the Message-ID of a letter and the address it could not reach.
"""

from __future__ import annotations

import re
from email.message import Message
from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import one_line
from tasks.incoming.mail import STATUS, addresses, body, fields, header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.incoming.mail import Mail

FAILED, DELAYED = "failed", "delayed"
UNSAID = {"", "4.0.0", "5.0.0"}  # codes of no reason
MOST_RECIPIENTS = 50
MOST_IDS = 20
LONGEST_REASON = 300
LONGEST_INTRODUCTION = 2_000  # characters in which a text says what it is about
RETURNED = ("message/rfc822", "message/global", "text/rfc822-headers", "message/rfc822-headers")
PARENTS = ("In-Reply-To", "References", "X-Original-Message-ID")
_ID = re.compile(r"<[^<>\s]{1,200}@[^<>\s]{1,200}>")
_QUOTED_ID = re.compile(r"(?i)message-id\s*:\s*(<[^<>\s]{1,200}@[^<>\s]{1,200}>)")
_CODE = re.compile(r"(?<![\d.])[45]\.\d{1,3}\.\d{1,3}(?![\d.])")
_ANSWER = re.compile(r"(?<![\d.])[45](\d\d[ -]\S|\.\d{1,3}\.\d{1,3}(?![\d.]))")
_DAEMON = re.compile(r"(mailer-daemon|mail-daemon|postmaster|mdaemon|postmast|no-?reply-bounce)@")
_RETURN = re.compile(
    r"(?i)undeliver|(could not|cannot|not) be delivered|not delivered|failure notice|non.?delivery"
    r"|delivery (status|fail|has failed|incomplete|problem|notification)|fail(ed|ure) .*deliver"
    r"|returned mail|mail delivery|return(ed|ing) (message |mail )?to sender|rejected mail"
    r"|mail error|退信|退回|(无法|無法|未能|失败|失敗).{0,4}(投递|投遞|送达|送達|傳送|传递|傳遞)"
    r"|(投递|投遞|发送|發送|傳送|传递|傳遞)(失败|失敗)|未传递|未傳遞"
)
_DELAY = re.compile(
    r"(?i)\bdelayed\b|delivery.{1,20}delay|not yet been delivered|warning only"
    r"|will (be retried|continue to (try|be retried)|keep trying)|still being retried"
    r"|do not need to (resend|do anything)|延迟|延遲|延期(投递|投遞)"
    r"|(仍在|将继续|將繼續|稍后|稍後)(尝试|嘗試|重试|重試)"
)


class Fate(NamedTuple):
    """What became of a letter to one address: FAILED or DELAYED, the code, the server's words."""

    address: str
    action: str
    status: str
    reason: str


class Notification(NamedTuple):
    """A server's report: the Message-IDs it may be about, and the addresses it is about."""

    message_ids: tuple[str, ...]
    fates: tuple[Fate, ...]


def notification(mail: Mail) -> Notification | None:
    """Return what `mail` reports of a letter, None where it is no report.

    A report of success has no fates.
    """
    blocks = [block for part in mail.having(STATUS) for block in _blocks(body(part))]
    if blocks:
        words = _words(mail)
        fates = tuple(fate for block in blocks for fate in _standard(block, *words))
    elif _is_report(mail):
        fates = tuple(_plain(mail))
    else:
        return None
    return Notification(tuple(_message_ids(mail))[:MOST_IDS], fates[:MOST_RECIPIENTS])


def _blocks(text: str) -> list[str]:
    """Return the blocks about a recipient of the fields of RFC 3464."""
    blocks = re.split(r"\n[ \t]*\n", text.strip(), maxsplit=MOST_RECIPIENTS)
    return [block for block in blocks if re.search(r"(?im)^action[ \t]*:", block)]


def _standard(block: str, text_code: str, text_reason: str) -> Iterator[Fate]:
    """Yield the fate of a recipient, once for each name the server has for them.

    Code and reason of the text stand in where the block has none, or one that says nothing.
    """
    about = fields(block)
    action = header(about, "Action").partition(" ")[0].partition("(")[0].lower()
    if action not in {FAILED, DELAYED}:
        return
    status = _CODE.search(header(about, "Status"))
    code = status[0] if status else ""
    words = header(about, "Diagnostic-Code").partition(";")
    reason = one_line(words[2] or words[0])[:LONGEST_REASON]
    if not reason:
        reason, code = text_reason, text_code if code in UNSAID else code
    for name in ("Original-Recipient", "Final-Recipient"):
        address = header(about, name).partition(";")[2].strip(" <>").lower()
        if "@" in address:
            yield Fate(address, action, code, reason)


def _is_report(mail: Mail) -> bool:
    """Tell whether a mail without the standard's fields reports that a letter came back.

    A sender without an address to answer is a server, or somebody's machine while they are away.
    """
    if mail.header("X-Failed-Recipients") or _DAEMON.match(mail.sender):
        return True
    if _RETURN.search(mail.header("Subject")):
        return True
    nobody = mail.header("Return-Path") == "<>"
    return nobody and bool(_RETURN.search(mail.texts[:LONGEST_INTRODUCTION]))


def _plain(mail: Mail) -> Iterator[Fate]:
    text = mail.texts
    introduction = f"{mail.header('Subject')}\n{text[:LONGEST_INTRODUCTION]}"
    action = DELAYED if _DELAY.search(introduction) else FAILED
    code, reason = _words(mail)
    failed = addresses(mail.header("X-Failed-Recipients"))
    for address in failed or addresses(text):
        yield Fate(address, action, code, reason or mail.header("Subject")[:LONGEST_REASON])


def _words(mail: Mail) -> tuple[str, str]:
    """Return code and line of the first answer of a mail server that the text quotes."""
    text = mail.texts
    code = _CODE.search(text)
    answers = (line for line in text.splitlines() if _ANSWER.search(line))
    return code[0] if code else "", one_line(next(answers, ""))[:LONGEST_REASON]


def _message_ids(mail: Mail) -> Iterator[str]:
    """Yield the Message-IDs the report may be about, each once, the surest first."""
    ids: dict[str, None] = {}
    for part in mail.having(*RETURNED):
        inside = part.get_payload()
        first = inside[0] if isinstance(inside, list) and inside else None
        letter = first if isinstance(first, Message) else fields(body(part))
        ids |= dict.fromkeys(_ID.findall(header(letter, "Message-ID")))
    for name in PARENTS:
        ids |= dict.fromkeys(_ID.findall(mail.header(name)))
    ids |= dict.fromkeys(_QUOTED_ID.findall(mail.texts))
    yield from ids
