"""Answers to invitations that come by mail (RFC 5546, METHOD:REPLY)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from icalendar import Calendar, Component

from catalog.clean import LONGEST_TEXT, one_line
from catalog.errors import InvalidError, NotFoundError
from catalog.offices.mail_addresses import ascii_address
from ledger.duties import duties, life, meetings
from ledger.store.changes import Change
from tasks.clock import time_zone
from tasks.in_force import in_force
from tasks.meetings.attendance import POSITION, Roll

if TYPE_CHECKING:
    import datetime as dt

    from ledger.duties.meetings import MeetingAnswer, Planning
    from ledger.session import Ledger, Transaction

ANSWERS = {
    "ACCEPTED": "accepted",
    "DECLINED": "declined",
    "TENTATIVE": "tentative",
    "DELEGATED": "delegated",
}


class _Reply(NamedTuple):
    """What a reply says: to which meeting and planning, who answers, and how."""

    uid: str
    sequence: int
    address: str
    answer: str
    text: str


def record_answer(ledger: Ledger, calendar: bytes, *, at: dt.datetime) -> str:
    """Record the answer in a `calendar` that came by mail; return the key of the duty.

    The sender's address is that of its attendee: the caller has checked it. An answer to an earlier
    planning is kept as such. The same answer again changes nothing.

    InvalidError for a calendar that is no reply, NotFoundError for a meeting that is not known and
    for an attendee that was not invited.
    """
    reply = _read(calendar)
    with ledger.transaction() as tx:
        last = meetings.of_uid(tx.conn, reply.uid)
        if last is None:
            raise NotFoundError("meeting-unknown", uid=reply.uid)
        duties.one(tx.conn, last.duty, lock=True)
        number = min(max(reply.sequence, 0) + 1, last.number)
        planning = meetings.numbered(tx.conn, last.duty, number) or last
        for agency in _agencies(tx, planning, reply, at):
            _record(tx, planning, agency, reply, at)
    return last.duty


def _read(content: bytes) -> _Reply:
    """Return what the reply says; InvalidError for a calendar that is none."""
    try:
        calendar = Calendar.from_ical(content)
        return _reply_of(calendar)
    except (ValueError, IndexError, KeyError, AttributeError, TypeError) as error:
        raise InvalidError("reply-unreadable", reason=one_line(str(error))[:200]) from error


def _reply_of(calendar: Component) -> _Reply:
    if str(calendar["method"]).upper() != "REPLY":
        raise ValueError(calendar["method"])
    event = calendar.walk("VEVENT")[0]
    attendees = event["attendee"]
    attendee = attendees[0] if isinstance(attendees, list) else attendees
    partstat = str(attendee.params.get("PARTSTAT", "")).upper()
    delegate = str(attendee.params.get("DELEGATED-TO", ""))
    words = (str(event.get("comment", "")), _mailbox(delegate) if delegate else "")
    return _Reply(
        uid=str(event["uid"]),
        sequence=int(event.get("sequence", 0)),
        address=_mailbox(str(attendee)),
        answer=ANSWERS[partstat],
        text=one_line(" ".join(filter(None, words)))[:LONGEST_TEXT],
    )


def _mailbox(text: str) -> str:
    """Return the address in `mailto:a@x`."""
    scheme, _, rest = text.strip('" ').partition(":")
    return (rest if scheme.lower() == "mailto" else text).strip().casefold()


def _agencies(tx: Transaction, planning: Planning, reply: _Reply, at: dt.datetime) -> list[str]:
    """Return the agencies that the answering address stands for; NotFoundError for none."""
    duty = duties.one(tx.conn, planning.duty)
    on = at.astimezone(time_zone(in_force(tx.conn, duty.plan).plan.zone)).date()
    agencies = [
        attendee.agency
        for attendee in Roll(tx.conn, on).invited(duty, planning)
        if ascii_address(reply.address)
        in {ascii_address(mailbox.casefold()) for mailbox in attendee.addresses}
    ]
    if not agencies:
        raise NotFoundError("attendee-unknown", address=reply.address, key=planning.duty)
    return agencies


def _record(
    tx: Transaction, planning: Planning, agency: str, reply: _Reply, at: dt.datetime
) -> None:
    answers = meetings.answers(tx.conn, planning.duty)
    if _is_known(answers, planning, agency, reply):
        return
    number = len(answers) + 1
    values = {
        "duty": planning.duty,
        "number": number,
        "planning": planning.number,
        "agency": agency,
        "position": POSITION,
        "answer": reply.answer,
        "text": reply.text or None,
        "answered_at": at,
        "answered_by": reply.address,
    }
    row = Change("meeting_answers", life.row_id(planning.duty, "answer", number), values, "insert")
    note = {"answer": reply.answer, "agency": agency, "by": reply.address}
    note |= {"text": reply.text} if reply.text else {}
    tx.record("meeting-answered", planning.duty, changes=[row], note=note, at=at, actor="mail")


def _is_known(answers: list[MeetingAnswer], planning: Planning, agency: str, reply: _Reply) -> bool:
    """Tell whether the last answer of the agency to this planning says the same."""
    own = [a for a in answers if (a.agency, a.planning) == (agency, planning.number)]
    return bool(own) and (own[-1].answer, own[-1].text or "") == (reply.answer, reply.text)
