"""Incoming mail sorted by what it is: a report, an answer to a meeting, an automatic answer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tasks.incoming.mail import addresses, parse
from tasks.incoming.notifications import notification

if TYPE_CHECKING:
    from tasks.incoming.mail import Mail
    from tasks.incoming.notifications import Notification

CALENDARS = ("text/calendar", "application/ics")
AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply", "X-Autoreply-From", "X-Mail-Autoreply")
IN_BULK = {"auto_reply", "auto-reply", "bulk", "junk", "list"}
RECEIPT = "message/disposition-notification"
_AWAY = re.compile(
    r"(?i)(automatic reply|auto.?reply|auto.?response|out of (the )?office|vacation"
    r"|自动回复|自動回覆|自動回復|自动答复|自動答覆)\b"
)
_ATTENDEE = re.compile(r"(?im)^attendee[^\n]*?mailto:([^\s\"]+)")
_REPLY = re.compile(r"(?im)^method\s*:\s*reply\s*$")


class Answer(NamedTuple):
    """An answer to an invitation: the calendar that the attendee's own address sent."""

    calendar: bytes


@dataclass(frozen=True, slots=True)
class Automatic:
    """A mail that nobody wrote, as of somebody who is away."""


class Unknown(NamedTuple):
    """A mail for people to read, and why nothing else could be made of it."""

    reason: str = ""


def sort(content: bytes) -> Notification | Answer | Automatic | Unknown:
    """Return what the mail is; it never raises, whatever a stranger sends."""
    try:
        mail = parse(content)
        return notification(mail) or _answer(mail) or _automatic(mail) or Unknown()
    except Exception as error:  # noqa: BLE001  one mail must not keep the others from being read
        return Unknown(f"{type(error).__name__}: {error}"[:200])


def _answer(mail: Mail) -> Answer | None:
    """Return the answer to an invitation in `mail`, if its attendee is who sent it."""
    for part in mail.having(*CALENDARS):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and _is_reply_of(content, mail.sender):
            return Answer(content)
    return None


def _is_reply_of(calendar: bytes, sender: str) -> bool:
    text = re.sub(r"\r?\n[ \t]", "", calendar.decode("utf-8", "replace"))
    attendees = {address for match in _ATTENDEE.findall(text) for address in addresses(match)}
    return bool(_REPLY.search(text)) and bool(sender) and attendees == {sender}


def _automatic(mail: Mail) -> Automatic | None:
    marked = mail.header("Auto-Submitted").lower()
    is_automatic = (
        (marked and not marked.startswith("no"))
        or any(mail.header(name) for name in AUTOMATIC)
        or mail.header("Precedence").lower() in IN_BULK
        or mail.having(RECEIPT)
        or _AWAY.match(mail.header("Subject"))
    )
    return Automatic() if is_automatic else None
