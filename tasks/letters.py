"""From the outbox to paper: the letter of one message, written from the ledger as it stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from catalog.ladder import rung_of
from catalog.notice_text import NoticeLine, digest_text, slip_text
from catalog.standing import standing
from ledger import contacts, duties, notices
from tasks.channels.ics import DueDate, due_dates
from tasks.channels.letter import Letter
from tasks.editions import in_force

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from catalog.notice_text import Text
    from ledger.duties import Held
    from ledger.messages import Message
    from ledger.notices import Notice
    from ledger.settings import Settings
    from tasks.channels.letter import Attachment
    from tasks.editions import InForce

SENT_AT = dt.time(8, 30)


def compose(conn: Connection, message: Message, settings: Settings, *, address: str) -> Letter:
    """Return the letter of `message` to `address`.

    Everything is reckoned for the day the message belongs to, so a second try of the same message
    carries the same date, the same Message-ID and, unless the facts moved, the same words.
    """
    held = in_force(conn, message.plan)
    told = notices.of_messages(conn, [message.id])[message.id]
    by_key = {n.duty: duties.one(conn, n.duty) for n in told}
    agency = message.recipient.split("/")[0]
    lines = [_line(held, by_key[n.duty], n, agency, message.on) for n in told]
    text = _text(held, message, lines, settings, contacts.agencies(conn)[agency].name)
    stamp = dt.datetime.combine(message.on, SENT_AT, ZoneInfo(held.plan.zone))
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
        attachments=_calendar([by_key[n.duty] for n in told if n.rung == "issue"], settings, stamp),
        headers=(("X-Duban-Demo", "yes"),) if held.row.is_demo else (),
    )


def _text(
    held: InForce, message: Message, lines: list[NoticeLine], settings: Settings, agency: str
) -> Text:
    plan = held.plan
    if message.form == "slip":
        return slip_text(
            lines[0],
            language=settings.lang,
            recipient=agency,
            office=plan.agency(plan.office).name,
            on=message.on,
            plan=plan.title,
            base_url=settings.base_url or "",
            demo=held.row.is_demo,
            grade=rung_of(plan.ladder, lines[0].rung).light or "amber",
        )
    return digest_text(
        lines,
        language=settings.lang,
        recipient=agency,
        on=message.on,
        plan=plan.title,
        base_url=settings.base_url or "",
        demo=held.row.is_demo,
    )


def _line(held: InForce, duty: Held, notice: Notice, agency: str, on: dt.date) -> NoticeLine:
    agencies = held.plan.agency
    office = agency == held.plan.office
    return NoticeLine(
        key=duty.key,
        measure=duty.measure,
        title=duty.title,
        says=held.plan.obligation(duty.obligation).says,
        lead=agencies(duty.lead).name,
        performer=agencies(duty.performer).name,
        participants=tuple(agencies(p).name for p in duty.participants if p != duty.performer),
        due_on=duty.due_on,
        rung=notice.rung,
        light=standing(duties.facts(duty), on).light,
        provisional=duty.provisional,
        delivered=duty.delivered,
        quota_min=duty.quota_min,
        quota_max=duty.quota_max,
        acknowledged_on=duty.acknowledged_on,
        filed_on=duty.filed_on,
        information=not office and agency not in (duty.lead, duty.performer),
        awaits_release=office and rung_of(held.plan.ladder, notice.rung).form == "slip",
    )


def _calendar(issued: list[Held], settings: Settings, stamp: dt.datetime) -> tuple[Attachment, ...]:
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
