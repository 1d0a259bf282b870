"""A letter as it leaves the house, and its bytes as mail: the same letter, the same bytes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING

from catalog.notice_text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_LONGEST_LINE = 998  # octets, RFC 5322 2.1.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file sent along: its name, its MIME type with parameters, its bytes."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message to one address; `date` and `message_id` stay the same at every try."""

    message_id: str
    sender: str
    to: str
    subject: str
    body: str
    date: datetime
    references: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


def message_id(message: str, sender: str) -> str:
    """Return the RFC 5322 Message-ID of our message `message`, in the sender's domain."""
    return f"<{message}@{_domain(sender)}>"


def thread_id(duty_key: str, sender: str) -> str:
    """Return the identifier every letter about this duty hangs on; no letter bears it itself."""
    return message_id("duty-" + hashlib.sha256(duty_key.encode()).hexdigest()[:16], sender)


def threads(duty_keys: Sequence[str], sender: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return (references, in reply to) of a letter about these duties, the most urgent first.

    A digest has several parents: In-Reply-To names them all, References one thread only, because
    a chain of several would weld their threads together (RFC 5322 3.6.4).
    """
    ids = tuple(thread_id(key, sender) for key in duty_keys)
    return ids[:1], ids


def address_of(mailbox: str) -> str:
    """Return the bare address of `督辦 <duban@example.gov.cn>`."""
    return parseaddr(one_line(mailbox))[1]


def mime(letter: Letter, *, eight_bit: bool = True) -> bytes:
    """Return the letter as mail in UTF-8; `eight_bit` says that the server takes 8BITMIME."""
    policy = SMTP.clone(cte_type="8bit" if eight_bit else "7bit")
    mail = EmailMessage(policy=policy)
    for name, value in _headers(letter):
        mail[name] = one_line(value)
    mail.set_content(letter.body, cte="8bit" if eight_bit and _short(letter.body) else "base64")
    for a in letter.attachments:
        _attach(mail, a)
    if letter.attachments:  # a random boundary would make every try another letter
        mail.set_boundary("=_" + hashlib.sha256(letter.message_id.encode()).hexdigest()[:32])
    return mail.as_bytes()


def _headers(letter: Letter) -> list[tuple[str, str]]:
    name, address = parseaddr(one_line(letter.sender))
    headers = [
        ("From", str(Address(name, *address.rpartition("@")[::2]))),
        ("To", letter.to),
        ("Subject", letter.subject),
        ("Date", format_datetime(letter.date)),
        ("Message-ID", letter.message_id),
        ("In-Reply-To", " ".join(letter.in_reply_to)),
        ("References", " ".join(letter.references)),
        ("Auto-Submitted", "auto-generated"),
        *letter.headers,
    ]
    return [(name, value) for name, value in headers if value]


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    kind, *parameters = attachment.content_type.split(";")
    maintype, _, subtype = kind.strip().partition("/")
    params = dict(p.strip().split("=", 1) for p in parameters)
    name = one_line(attachment.name)
    mail.add_attachment(
        attachment.content, maintype=maintype, subtype=subtype, filename=name, params=params
    )


def _short(body: str) -> bool:
    return max(map(len, body.encode().splitlines()), default=0) <= _LONGEST_LINE


def _domain(sender: str) -> str:
    return address_of(sender).rpartition("@")[2] or "localhost"
