"""Letters, and their bytes as mail: the same letter gives the same bytes."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode, encodebytes
from dataclasses import dataclass
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from catalog.clean import one_line
from catalog.offices.mail_addresses import ascii_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

_LONGEST_LINE = 998  # octets, RFC 5322 2.1.1
_LONGEST_WORD = 45  # octets: 60 in base64, 72 with its frame; RFC 2047 2 allows 75
_LONGEST_READABLE = 60
_FOLD = "\r\n "


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file sent along: its name, its MIME type with parameters, its bytes."""

    name: str
    content_type: str
    content: bytes

    @property
    def is_invitation(self) -> bool:
        """True for an invitation to a meeting, or its cancellation."""
        return self.content_type.endswith(("method=REQUEST", "method=CANCEL"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to one address; `date` and `message_id` stay the same at every try.

    `html` is the body once more, for readers that show it; `short` says the same in at most 300
    characters, for channels too tight for `body`. `reply_to` is empty where answers go to the
    sender. `event` is its content as data, for channels that reach a system.
    """

    message_id: str
    sender: str
    to: str
    subject: str
    body: str
    date: datetime
    html: str = ""
    short: str = ""
    reply_to: str = ""
    references: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    event: Mapping[str, Any] | None = None


def origin(installation: str, jurisdiction: str) -> tuple[str, str]:
    """Return the header with the installation and the office, "" for the main one."""
    return "X-Duban-From", f"{installation} {jurisdiction or 'main'}"


def message_id(message: str, sender: str) -> str:
    """Return the RFC 5322 Message-ID of `message`, in the sender's domain."""
    return f"<{message}@{_domain(sender)}>"


def address_of(mailbox: str) -> str:
    """Return the bare address of `督辦 <duban@example.gov.cn>`."""
    return parseaddr(one_line(mailbox))[1]


def mime(letter: Letter, *, eight_bit: bool = True) -> bytes:
    """Return the letter as mail in UTF-8; `eight_bit` if the server offers 8BITMIME.

    The only invitation of a letter is a version of its body, too: programs then offer to accept it
    (RFC 6047). Written by hand: the standard library's builder costs as much as the sending, and
    its random boundary would make every try a different letter.
    """
    versions = [_text_part("plain", letter.body, eight_bit=eight_bit)]
    if letter.html:
        versions.append(_text_part("html", letter.html, eight_bit=eight_bit))
    invitations = [each for each in letter.attachments if each.is_invitation]
    if len(invitations) == 1:
        kind, ics = _plain(invitations[0].content_type), invitations[0].content
        versions.append(_part(kind, ics, eight_bit=eight_bit))
    several = len(versions) > 1
    content = _multipart(letter, "alternative", versions) if several else versions[0]
    if letter.attachments:
        content = _multipart(letter, "mixed", [content, *map(_attached, letter.attachments)])
    return "\r\n".join([*_headers(letter), content]).encode("utf-8", "replace")


def _headers(letter: Letter) -> list[str]:
    return [
        f"From: {_mailbox(letter.sender)}",
        f"To: {_plain(ascii_address(letter.to))}",
        *([f"Reply-To: {_mailbox(letter.reply_to)}"] if letter.reply_to else []),
        f"Subject: {_text(letter.subject)}",
        f"Date: {format_datetime(letter.date)}",
        f"Message-ID: {_plain(letter.message_id)}",
        *_parents("In-Reply-To", letter.in_reply_to),
        *_parents("References", letter.references),
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        *(f"{_plain(name)}: {_text(value)}" for name, value in letter.headers),
        "MIME-Version: 1.0",
    ]


def _mailbox(mailbox: str) -> str:
    name, address = parseaddr(one_line(mailbox))
    bare = _plain(ascii_address(address))
    return f"{_words(name)} <{bare}>" if name else bare


def _parents(name: str, ids: tuple[str, ...]) -> list[str]:
    return [f"{name}: " + _FOLD.join(map(_plain, ids))] if ids else []


def _plain(value: str) -> str:
    """Return a token or an address as ASCII without line ends."""
    return one_line(value).encode("ascii", "replace").decode()


def _text(value: str) -> str:
    """Return free text unchanged if a header can carry it, else as encoded words."""
    text = one_line(value)
    readable = text.isascii() and len(text) <= _LONGEST_READABLE and "=?" not in text
    return text if readable else _words(text)


def _words(text: str) -> str:
    """Return free text for a header, as RFC 2047 encoded words of at most 75 characters each."""
    chunks, size = [""], 0
    for character in one_line(text):
        size += len(character.encode())
        if size > _LONGEST_WORD:
            chunks.append("")
            size = len(character.encode())
        chunks[-1] += character
    encoded = (b64encode(chunk.encode()).decode() for chunk in chunks)
    return _FOLD.join(f"=?utf-8?b?{word}?=" for word in encoded)


def _part(content_type: str, content: bytes, *, eight_bit: bool, more: str = "") -> str:
    """Return one part with its headers, in base64 if its bytes or line lengths need it."""
    lines = content.decode("utf-8", "replace").splitlines() if eight_bit else []
    if eight_bit and all(len(line.encode()) <= _LONGEST_LINE for line in lines):
        encoding, body = "8bit", "".join(f"{line}\r\n" for line in lines)
    else:
        encoding, body = "base64", encodebytes(content).decode().replace("\n", "\r\n")
    head = f"Content-Type: {content_type}\r\nContent-Transfer-Encoding: {encoding}\r\n{more}"
    return f"{head}\r\n{body}"


def _text_part(subtype: str, text: str, *, eight_bit: bool) -> str:
    content_type = f"text/{subtype}; charset=utf-8"
    return _part(content_type, text.encode(errors="replace"), eight_bit=eight_bit)


def _multipart(letter: Letter, subtype: str, parts: Sequence[str]) -> str:
    """Return `parts` as one, with a boundary that is the same at every try."""
    boundary = "=_" + hashlib.sha256(f"{subtype} {letter.message_id}".encode()).hexdigest()[:32]
    inside = "".join(f"--{boundary}\r\n{part}\r\n" for part in parts)
    kind = f'Content-Type: multipart/{subtype}; boundary="{boundary}"'
    return f"{kind}\r\n\r\n{inside}--{boundary}--\r\n"


def _attached(attachment: Attachment) -> str:
    name = re.sub(r"[^A-Za-z0-9._-]+", "_", attachment.name)
    more = f'Content-Disposition: attachment; filename="{name}"\r\n'
    return _part(_plain(attachment.content_type), attachment.content, eight_bit=False, more=more)


@lru_cache(maxsize=16)  # a sweep names hundreds of messages of one sender
def _domain(sender: str) -> str:
    return ascii_address(address_of(sender)).rpartition("@")[2] or "localhost"
