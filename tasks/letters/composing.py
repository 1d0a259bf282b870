"""Letters written from messages of the outbox and the ledger's present state."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.dates.period_words import say_period
from catalog.duties.standing import standing
from catalog.ladder.rungs import rung_of
from catalog.letters.asks import EVENTS
from catalog.letters.fan_out import gathered
from catalog.letters.layout import (
    NoticeLine,
    Parties,
    Text,
    digest_text,
    slip_text,
)
from catalog.wording import say
from ledger.duties import duties
from ledger.people import agencies
from ledger.post import notices, slips, tidings
from ledger.proof import chain
from ledger.store.identity import identity
from tasks.clock import time_zone
from tasks.in_force import in_force
from tasks.letters.addressees import copied
from tasks.letters.calendar_file import DueDate, due_dates
from tasks.letters.inquiries import inquiries
from tasks.letters.invitations import invitations
from tasks.letters.letter_format import Letter
from tasks.letters.tiding_lines import tiding_lines
from tasks.shares import share_of
from tasks.sweep_time import SWEEP_AT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.ladder.rungs import Ladder
    from ledger.duties.duties import Duty
    from ledger.post.messages import Message
    from ledger.post.notices import Notice
    from ledger.post.tidings import Tiding
    from ledger.session import Connection
    from ledger.settings import Settings
    from tasks.in_force import InForce
    from tasks.letters.letter_format import Attachment

# Fields of a deed's entry that a letter repeats.
REMARKS = ("asked_to", "day", "place", "reason", "document", "summary", "text")


class Composed(NamedTuple):
    """A letter, None if nothing is left to say, and what was left out of it.

    `superseded` are the ids of notices and tidings whose matter is settled.
    """

    letter: Letter | None
    superseded: tuple[str, ...] = ()


def compose(
    conn: Connection,
    messages: Sequence[Message],
    settings: Settings,
    *,
    address: str,
    on: dt.date,
    message_id: str,
) -> Composed:
    """Return the letter with all of `messages` to `address`, as it is true on the day `on`.

    A second try of the same day carries the same date, the same Message-ID and, unless the facts
    have changed, the same words. A released slip keeps the words with which a person released it.
    """
    message = messages[0]
    content = _content(conn, messages)
    slip = slips.of_message(conn, message.id) if message.form == "slip" else None
    text = Text(slip.subject, slip.body) if slip else _text(conn, content, message, settings)
    stamp = dt.datetime.combine(on, SWEEP_AT, time_zone(content.edition.plan.zone))
    earlier = tuple(
        dict.fromkeys(
            itertools.chain.from_iterable(notices.thread(conn, each) for each in messages)
        )
    )
    letter = Letter(
        message_id=message_id,
        sender=settings.mail_from,
        to=address,
        subject=text.subject,
        body=text.body,
        date=stamp,
        references=earlier[:1],
        in_reply_to=earlier,
        attachments=(
            *_calendar(content.issued, settings, stamp),
            *invitations(
                conn,
                content.notices,
                content.duties,
                settings,
                address=address,
                on=on,
                tidings=content.tidings,
            ),
        ),
        headers=_headers(content, settings),
        event=_event(content, message, message_id) if message.channel != "mail" else None,
    )
    return Composed(letter)


def _headers(content: _Content, settings: Settings) -> tuple[tuple[str, str], ...]:
    """Return the headers that tell where a letter comes from: installation and office."""
    place = f"{identity(settings.installation).id} {settings.jurisdiction or 'main'}"
    demo = (("X-Duban-Demo", "yes"),) if content.edition.row.is_demo else ()
    return (("X-Duban-From", place), *demo)


def words(conn: Connection, message: Message, settings: Settings, *, number: str = "") -> Text:
    """Return the present text of `message`; of a slip under its `number`."""
    return _text(conn, _content(conn, [message]), message, settings, number=number)


class _Content(NamedTuple):
    """The content of a message: notices, their duties by key, plans by code, and tidings.

    `parties` are those of each duty that is one of several.
    """

    edition: InForce
    notices: list[Notice]
    duties: Mapping[str, Duty]
    plans: Mapping[str, InForce]
    tidings: list[Tiding]
    parties: Mapping[str, Parties]

    @property
    def issued(self) -> list[Duty]:
        return [self.duties[n.duty] for n in self.notices if n.rung == "issue"]


def _content(conn: Connection, messages: Sequence[Message]) -> _Content:
    by_message = notices.of_messages(conn, [message.id for message in messages])
    carried = list(itertools.chain.from_iterable(by_message.values()))
    by_key = duties.of(conn, [n.duty for n in carried])
    plans = {*(m.plan for m in messages), *(duty.plan for duty in by_key.values())}
    editions = {plan: in_force(conn, plan) for plan in plans}
    return _Content(
        edition=editions[messages[0].plan],
        notices=carried,
        duties=by_key,
        plans=editions,
        tidings=[tiding for m in messages for tiding in tidings.of_message(conn, m.id)],
        parties=_parties(conn, by_key),
    )


def _parties(conn: Connection, by_key: Mapping[str, Duty]) -> dict[str, Parties]:
    """Return how many parties have done their duty of the obligation and period, by key."""
    shared = {key: (d.plan, d.obligation, d.period) for key, d in by_key.items() if d.party}
    tallies = duties.tallies(conn, set(shared.values()))
    return {
        key: Parties("/".join(place), *tallies[place])
        for key, place in shared.items()
        if tallies[place].all > 1
    }


def _text(
    conn: Connection, content: _Content, message: Message, settings: Settings, *, number: str = ""
) -> Text:
    edition = content.edition
    names = agencies.agencies_on(conn, message.on).by_id
    agency = message.recipient.partition("/")[0]
    ladders = {d: ladder for e in content.plans.values() for d, ladder in e.ladders.items()}
    asked = inquiries(conn, content.notices, content.duties, ladders)
    lines = [
        replace(
            _line(conn, content, n, agency=agency, names=names, lang=settings.lang),
            inquiry=asked.get(n.id),
        )
        for n in content.notices
    ]
    common: dict[str, Any] = {
        "language": settings.lang,
        "recipient": names[agency],
        "on": message.on,
        "plan": edition.plan.title,
        "base_url": settings.base_url or "",
        "demo": edition.row.is_demo,
    }
    if message.form != "slip":
        news = tiding_lines(conn, content.tidings, settings)
        return digest_text(gathered(lines), tidings=news, **common)
    (slip,) = content.notices
    duty = content.duties[slip.duty]
    rung, office = rung_of(edition.ladders[duty.ladder], slip.rung), edition.plan.office
    return slip_text(
        lines[0],
        office=names[office],
        grade=rung.light or "amber",
        number=number,
        copies=[names[agency] for agency in copied(duty, rung, office).values()],
        **common,
    )


def _event(content: _Content, message: Message, message_id: str) -> dict[str, Any]:
    """Return `message` as data, each notice with its duty's light on the notice's day."""
    news = [{"kind": tiding.kind, "subject": tiding.subject} for tiding in content.tidings]
    return {
        "id": message_id.strip("<>"),
        "recipient": message.recipient,
        "on": message.on.isoformat(),
        "form": message.form,
        "demo": content.edition.row.is_demo,
        "notices": [_noticed(content.duties[notice.duty], notice) for notice in content.notices],
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
    conn: Connection,
    content: _Content,
    notice: Notice,
    *,
    agency: str,
    names: Mapping[str, str],
    lang: str,
) -> NoticeLine:
    duty = content.duties[notice.duty]
    edition = content.plans[duty.plan]
    office = agency == edition.plan.office
    return NoticeLine(
        key=duty.key,
        measure=duty.measure,
        title=_title(conn, duty, edition, lang),
        says=edition.says(duty),
        lead=names[duty.lead],
        performer=names[duty.performer],
        participants=tuple(names[p] for p in duty.participants),
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
        parties=None if agency == duty.performer else content.parties.get(duty.key),
        awaits_release=office and _drafts_slip(edition.ladders[duty.ladder], notice.rung),
    )


def _title(conn: Connection, duty: Duty, edition: InForce, lang: str) -> str:
    """Return the title of a duty, for the reading of a party with its share of the year.

    What opens once its period is over has the name of the period with it: its words may say "this
    year" of a year that has gone.
    """
    title, share = duty.title, share_of(conn, edition.plan, duty)
    if duty.covers_until and duty.covers_until < duty.opens_on:
        title = say(
            lang, "notice.title-of-period", title=title, period=say_period(lang, duty.period)
        )
    return say(lang, "shares.title", title=title, share=share) if share else title


def _remark(conn: Connection, notice: Notice) -> str:
    """Return the words of the deed behind `notice`; empty for a rung of the ladder.

    They come from the history entry that recorded the notice.
    """
    if notice.rung.partition(":")[0] not in EVENTS:
        return ""
    entry = chain.recording(conn, notice.duty, "notices", notice.id)
    names = ("number",) if notice.rung.startswith("copied:") else REMARKS
    remarks = (entry.payload.get(name) for name in names) if entry else ()
    return " / ".join(str(remark) for remark in remarks if remark)


def _drafts_slip(ladder: Ladder, rung: str) -> bool:
    """Tell whether `rung` drafts a slip; events of a duty never do."""
    name = rung.partition(":")[0]
    return any(step.name == name and step.form == "slip" for step in ladder.rungs)


def _calendar(issued: list[Duty], settings: Settings, stamp: dt.datetime) -> tuple[Attachment, ...]:
    """Return a calendar file with the due dates of the duties just issued, if any."""
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
