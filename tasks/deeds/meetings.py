"""Meetings and events: planned for a day, also anew, called off, and answered."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from catalog.duties.deeds import ANSWERS
from catalog.errors import ConflictError, NotFoundError, UsageRefusedError
from catalog.plans.contents import WHOLE_PLAN
from ledger.duties import life, meetings
from ledger.post import contacts
from ledger.store.changes import Change
from tasks.clock import typed_time
from tasks.deeds.frame import open_deed
from tasks.deeds.registry import does
from tasks.post.tidings import News, herald, leads

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from catalog.role_names import Addressee
    from ledger.duties.meetings import Planning
    from ledger.session import Ledger
    from tasks.act import Act
    from tasks.deeds.frame import OpenDeed

EVERYBODY: tuple[Addressee, ...] = ("performer", "lead", "participants")
NO_DAY = {"planned_on": None, "planned_place": None}


@does("plan-meeting")
def plan_meeting(
    ledger: Ledger,
    key: str,
    act: Act,
    *,
    day: dt.date,
    time: str = "",
    end: str = "",
    last_day: dt.date | None = None,
    place: str = "",
    chair: str = "",
    participants: Sequence[str] = (),
    tentative: bool = False,
    note: str = "",
) -> None:
    """Plan a meeting or an event, also anew; all who take part are invited.

    Without a `time` it lasts whole days. `participants` are ids of agencies beside those of the
    duty; at a meeting on the whole plan all leads of the plan are among them. The agenda is
    prepared for that day, again if it was prepared for another one.

    UsageRefusedError for an unreadable time, ConflictError for an end before the beginning,
    NotFoundError for an agency that cannot be invited.
    """
    fields = {
        "day": day,
        "time": _clock(time),
        "end": _clock(end),
        "last_day": last_day,
        "place": place,
        "chair": chair,
        "participants": tuple(dict.fromkeys(participants)),
        "tentative": tentative,
        "note": note,
    }
    _check_order(fields)
    with open_deed(ledger, "plan-meeting", key, act, **fields) as deed:
        before = meetings.planning(deed.tx.conn, key)
        guests = _guests(deed)
        number = max(deed.nth("meeting-planned"), before.number + 1 if before else 1)
        row = _row(_planning(deed, guests), number)
        facts = {"planned_on": day, "planned_place": deed.fields["place"] or None}
        deed.duty = deed.duty.model_copy(update=facts)
        subject = f"{key}#{number}"
        former = before.participants if before and not before.called_off else ()
        left = [agency for agency in former if agency not in guests]
        news = [News("meeting", subject, guests), News("meeting-off", subject, left)]
        notices = deed.notify(f"meeting-planned:{number}", EVERYBODY)
        deed.record(facts, row, *notices, *_tidings(deed, news, ledger.settings.sender))
        deed.prepare(anew=True)


@does("call-off-meeting")
def call_off_meeting(ledger: Ledger, key: str, act: Act, *, reason: str) -> None:
    """Call off what is planned; all who were invited are told."""
    with open_deed(ledger, "call-off-meeting", key, act, reason=reason) as deed:
        deed.record(*call_off(deed, to=EVERYBODY, sender=ledger.settings.sender))


def call_off(deed: OpenDeed, *, to: Sequence[Addressee], sender: str) -> tuple[Any, ...]:
    """Return the facts of the duty, then the rows, of calling off what is planned, if anything is.

    Notices go to the roles `to`, tidings to the other agencies that were invited. The agenda has
    the day that the rule gives again, unless it was prepared.
    """
    if deed.duty.planned_on is None:
        return ({},)
    before = meetings.planning(deed.tx.conn, deed.duty.key)
    deed.duty = deed.duty.model_copy(update=NO_DAY)
    deed.prepare()
    number = before.number + 1 if before else deed.nth("meeting-called-off")
    notices = deed.notify(f"meeting-called-off:{number}", to)
    if before is None:  # planned before plannings were recorded: nobody was invited
        return (NO_DAY, *notices)
    values = before.model_dump() | {
        "called_off": True,
        "reason": deed.fields["reason"],
        "recorded_at": deed.act.at,
        "recorded_by": deed.act.user,
    }
    news = [News("meeting-off", f"{deed.duty.key}#{number}", before.participants)]
    return (NO_DAY, _row(values, number), *notices, *_tidings(deed, news, sender))


@does("answer-meeting")
def answer_meeting(ledger: Ledger, key: str, act: Act, *, answer: str, text: str = "") -> None:
    """Say whether the agency comes to what is planned: accepted, tentative or declined.

    UsageRefusedError for any other answer.
    """
    if answer and answer not in ANSWERS:
        raise UsageRefusedError("answer-unknown", answer=answer, known=", ".join(ANSWERS))
    with open_deed(ledger, "answer-meeting", key, act, answer=answer, text=text) as deed:
        planning, conn = meetings.planning(deed.tx.conn, key), deed.tx.conn
        number = life.count(conn, "meeting_answers", key) + 1
        values = {
            "duty": key,
            "number": number,
            "planning": planning.number if planning else 0,
            "agency": _invited_agency(deed, planning),
            "position": "officer",
            "answer": answer,
            "text": deed.fields["text"] or None,
            "answered_at": act.at,
            "answered_by": act.user,
        }
        deed.record(
            {}, Change("meeting_answers", life.row_id(key, "answer", number), values, "insert")
        )


def _invited_agency(deed: OpenDeed, planning: Planning | None) -> str:
    """Return the agency for which the person answers: their own before one they stand in for."""
    duty = deed.duty
    invited = {duty.lead, duty.performer, *duty.participants}
    invited |= set(planning.participants if planning else ())
    return next(actor.agency for actor in deed.actors if actor.agency in invited)


def _clock(text: str) -> str:
    try:
        return f"{typed_time(text):%H:%M}" if text.strip() else ""
    except ValueError as error:
        raise UsageRefusedError("time-unreadable", typed=text) from error


def _check_order(fields: dict[str, Any]) -> None:
    """Refuse an end without a beginning, and one before it: ConflictError."""
    day, last = fields["day"], fields["last_day"] or fields["day"]
    if fields["end"] and not fields["time"]:
        raise ConflictError("meeting-without-time")
    if day is None or last is None:  # the table of rights asks for the day
        return
    if last < day:
        raise ConflictError("meeting-last-day", day=day, last_day=last)
    if fields["end"] and last == day and fields["end"] <= fields["time"]:
        raise ConflictError("meeting-ends-early", time=fields["time"], end=fields["end"])


def _guests(deed: OpenDeed) -> tuple[str, ...]:
    """Return the agencies to invite beside those of the duty; NotFoundError for one that is none.

    Those of a meeting on the whole plan are all its leads, too.
    """
    duty, conn = deed.duty, deed.tx.conn
    registered = contacts.agencies(conn)
    for agency in deed.fields["participants"]:
        if agency not in registered or registered[agency].kind == "open-group":
            raise NotFoundError("agency-unknown", agency=agency)
    is_on_plan = deed.edition.obligation_of(duty).agenda == (WHOLE_PLAN,)
    every = (*deed.fields["participants"], *(leads(conn, duty.plan) if is_on_plan else ()))
    own = {duty.lead, duty.performer, *duty.participants}
    return tuple(agency for agency in dict.fromkeys(every) if agency not in own)


def _planning(deed: OpenDeed, guests: Sequence[str]) -> dict[str, Any]:
    """Return the values of a planning; one meeting keeps its UID however often it is planned."""
    fields, duty = deed.fields, deed.duty
    meeting = duty.delivered + 1
    return {
        "duty": duty.key,
        "meeting": meeting,
        "planned_on": fields["day"],
        "ends_on": fields["last_day"] or fields["day"],
        "starts_at": fields["time"] or None,
        "ends_at": fields["end"] or None,
        "place": fields["place"] or None,
        "chair": fields["chair"] or None,
        "participants": guests,
        "tentative": fields["tentative"],
        "note": fields["note"] or None,
        "called_off": False,
        "uid": _uid(duty.key, meeting),
        "host": next(a.agency for a in deed.actors if a.agency in {duty.performer, duty.lead}),
        "recorded_at": deed.act.at,
        "recorded_by": deed.act.user,
    }


def _row(values: dict[str, Any], number: int) -> Change:
    facts = {name: value for name, value in values.items() if name not in {"duty", "number"}}
    return Change("plannings", (values["duty"], number), facts, "insert")


def _uid(key: str, meeting: int) -> str:
    return f"{hashlib.sha256(f'{key}#meeting-{meeting}'.encode()).hexdigest()[:32]}@duban"


def _tidings(deed: OpenDeed, news: Sequence[News], sender: str) -> list[Change]:
    """Return the rows of the news for agencies without a part in the duty, if there are any."""
    own = {actor.agency for actor in deed.actors}
    others = [one._replace(agencies=[a for a in one.agencies if a not in own]) for one in news]
    some = [one for one in others if one.agencies]
    return herald(deed.tx, deed.duty.plan, deed.act, some, sender=sender) if some else []
