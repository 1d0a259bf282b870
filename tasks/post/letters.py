"""From the outbox to paper: the letter of one message, written from the ledger as it stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.duties.standing import standing
from catalog.ladder.rungs import rung_of
from catalog.ladder.texts import EVENTS, NoticeLine, Text, digest_text, slip_text
from ledger.duties import duties
from ledger.post import contacts, notices, slips, tidings
from ledger.proof import chain
from tasks.clock import time_zone
from tasks.in_force import in_force
from tasks.post.channels.ics import DueDate, due_dates
from tasks.post.channels.letter import Letter
from tasks.post.tidings import tiding_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.ladder.rungs import Ladder
    from ledger.duties.duties import Duty
    from ledger.post.messages import Message
    from ledger.post.notices import Notice
    from ledger.post.tidings import Tiding
    from ledger.session import Connection
    from ledger.settings import Settings
    from tasks.in_force import InForce
    from tasks.post.channels.letter import Attachment

SENT_AT = dt.time(8, 30)
REMARKS = (
    "asked_to",
    "reason",
    "document",
    "summary",
    "text",
)  # what a deed says that a letter repeats


def compose(conn: Connection, message: Message, settings: Settings, *, address: str) -> Letter:
    """Return the letter of `message` to `address`.

    Everything is reckoned for the day the message belongs to, so a second try of the same message
    carries the same date, the same Message-ID and, unless the facts moved, the same words. A
    released slip says what it said when a person released it, whatever has moved since.
    """
    told = _told(conn, message)
    slip = slips.of_message(conn, message.id) if message.form == "slip" else None
    text = Text(slip.subject, slip.body) if slip else _text(conn, told, message, settings)
    stamp = dt.datetime.combine(message.on, SENT_AT, time_zone(told.held.plan.zone))
    earlier = notices.thread(conn, message)
    return Letter(
        message_id=message.message_id,
        sender=settings.mail_from,
        to=address,
        subject=text.subject,
        body=text.body,
        date=stamp,
        references=earlier[:1],
        in_reply_to=earlier,
        attachments=_calendar(told.issued, settings, stamp),
        headers=(("X-Duban-Demo", "yes"),) if told.held.row.is_demo else (),
        event=_event(told, message) if message.channel != "mail" else None,
    )


def words(conn: Connection, message: Message, settings: Settings, *, number: str = "") -> Text:
    """Return what `message` says as the ledger now stands, a slip under its `number`."""
    return _text(conn, _told(conn, message), message, settings, number=number)


class _Told(NamedTuple):
    """What a message tells of: its notices, their duties by key, these plans, and its tidings."""

    held: InForce
    notices: list[Notice]
    duties: Mapping[str, Duty]
    plans: Mapping[str, InForce]
    tidings: list[Tiding]

    @property
    def issued(self) -> list[Duty]:
        return [self.duties[n.duty] for n in self.notices if n.rung == "issue"]


def _told(conn: Connection, message: Message) -> _Told:
    carried = notices.of_messages(conn, [message.id])[message.id]
    by_key = duties.of(conn, [n.duty for n in carried])
    plans = {message.plan, *(duty.plan for duty in by_key.values())}
    held = {plan: in_force(conn, plan) for plan in plans}
    return _Told(held[message.plan], carried, by_key, held, tidings.of_message(conn, message.id))


def _text(
    conn: Connection, told: _Told, message: Message, settings: Settings, *, number: str = ""
) -> Text:
    held = told.held
    names = {agency.id: agency.name for agency in contacts.agencies(conn).values()}
    agency = message.recipient.partition("/")[0]
    lines = [_line(conn, told, n, agency=agency, names=names) for n in told.notices]
    common: dict[str, Any] = {
        "language": settings.lang,
        "recipient": names[agency],
        "on": message.on,
        "plan": held.plan.title,
        "base_url": settings.base_url or "",
        "demo": held.row.is_demo,
    }
    if message.form != "slip":
        return digest_text(lines, tidings=tiding_lines(conn, told.tidings, settings), **common)
    (slip,) = told.notices
    grade = rung_of(held.ladders[told.duties[slip.duty].ladder], slip.rung).light or "amber"
    office = names[held.plan.office]
    return slip_text(lines[0], office=office, grade=grade, number=number, **common)


def _event(told: _Told, message: Message) -> dict[str, Any]:
    """Return what `message` tells as data, each notice as its duty stands on the notice's day."""
    news = [{"kind": tiding.kind, "subject": tiding.subject} for tiding in told.tidings]
    return {
        "id": message.message_id.strip("<>"),
        "recipient": message.recipient,
        "on": message.on.isoformat(),
        "form": message.form,
        "demo": told.held.row.is_demo,
        "notices": [_noticed(told.duties[notice.duty], notice) for notice in told.notices],
        **({"tidings": news} if news else {}),
    }


def _noticed(duty: Duty, notice: Notice) -> dict[str, str]:
    return {
        "key": duty.key,
        "rung": notice.rung,
        "due_on": duty.due_on.isoformat(),
        "title": duty.title,
        "light": standing(duties.facts(duty), notice.on).light,
    }


def _line(
    conn: Connection, told: _Told, notice: Notice, *, agency: str, names: Mapping[str, str]
) -> NoticeLine:
    duty = told.duties[notice.duty]
    held = told.plans[duty.plan]
    office = agency == held.plan.office
    return NoticeLine(
        key=duty.key,
        measure=duty.measure,
        title=duty.title,
        says=held.says(duty),
        lead=names[duty.lead],
        performer=names[duty.performer],
        participants=tuple(names[p] for p in duty.participants if p != duty.performer),
        due_on=duty.due_on,
        rung=notice.rung,
        light=standing(duties.facts(duty), notice.on).light,
        provisional=duty.provisional,
        delivered=duty.delivered,
        quota_min=duty.quota_min,
        quota_max=duty.quota_max,
        acknowledged_on=duty.acknowledged_on,
        filed_on=duty.filed_on,
        returned_on=duty.returned_on,
        information=not office and agency not in (duty.lead, duty.performer),
        remark=_remark(conn, notice),
        awaits_release=office and _drafts_slip(held.ladders[duty.ladder], notice.rung),
    )


def _remark(conn: Connection, notice: Notice) -> str:
    """Return what was said with the deed `notice` tells of; empty for a rung of the ladder.

    The words are the history's own: of the entry that recorded the notice.
    """
    if notice.rung.partition(":")[0] not in EVENTS:
        return ""
    for entry in chain.entries(conn, subject=notice.duty):
        if any(row[:2] == ["notices", notice.id] for row in entry.payload["changes"]):
            said = (entry.payload.get(name) for name in REMARKS)
            return " / ".join(str(words) for words in said if words)
    return ""


def _drafts_slip(ladder: Ladder, rung: str) -> bool:
    """Tell whether `rung` is one of the ladder that drafts a slip; events of a duty are none."""
    name = rung.partition(":")[0]
    return any(step.name == name and step.form == "slip" for step in ladder.rungs)


def _calendar(issued: list[Duty], settings: Settings, stamp: dt.datetime) -> tuple[Attachment, ...]:
    """Return one calendar file with the due dates of the duties just issued, if there are any."""
    dates = [
        DueDate(
            key=duty.key,
            due_on=duty.due_on,
            due_version=duty.due_version,
            title=duty.title,
            url=f"{settings.base_url}/duty/{duty.key}" if settings.base_url else "",
        )
        for duty in issued
    ]
    return (due_dates(dates, stamp=stamp),) if dates else ()
