"""Meetings and events that are planned for the days of a calendar, with who comes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from catalog.wording import spell
from desk.access import visibility
from ledger.duties import conditions, duties, meetings
from tasks.letters.invitations import is_off
from tasks.meetings.attendance import Roll, counts, is_ahead
from tasks.meetings.days import when

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from desk.web.visit import Visit
    from ledger.duties.conditions import Condition
    from ledger.duties.duties import Duty
    from ledger.duties.meetings import Planning
    from ledger.session import Connection

LONGEST = dt.timedelta(days=31)  # of an event that began before the days looked at


class PlannedMeeting(NamedTuple):
    """A planned meeting: its days, in words `when`, and who comes.

    `comes` is empty for one planned before plannings were recorded.
    """

    duty: Duty
    first: dt.date
    last: dt.date
    when: str
    clock: str
    comes: Mapping[str, int]


def planned_meetings(
    conn: Connection, visit: Visit, *where: Condition, since: dt.date, until: dt.date
) -> list[PlannedMeeting]:
    """Return the meetings from `since` to `until` that the visitor sees, in order of time.

    They meet `where`. An agency sees those to which it is invited, too.
    """
    seen = visibility.visible(visit.actor) | meetings.inviting(sorted(visit.actor.agencies))
    days = conditions.planned(since - LONGEST, until)
    rows = [duty for duty in duties.chosen(conn, seen, days, *where) if is_ahead(duty)]
    every = list(_meetings(conn, visit, rows))
    return sorted(
        (m for m in every if m.last >= since), key=lambda m: (m.first, m.clock, m.duty.key)
    )


def _meetings(conn: Connection, visit: Visit, rows: list[Duty]) -> Iterator[PlannedMeeting]:
    plannings = meetings.last_plannings(conn, [duty.key for duty in rows])
    roll = Roll(conn, visit.on) if plannings else None
    answers = meetings.answers(conn, *plannings)
    for duty in rows:
        planning = plannings.get(duty.key)
        if planning is None or roll is None:
            day = duty.planned_on or duty.due_on
            yield PlannedMeeting(duty, day, day, spell(visit.lang, day), "", {})
        elif not is_off(duty, planning):
            own = [answer for answer in answers if answer.duty == duty.key]
            comes = counts(roll.attendance(duty, planning, own))
            yield _meeting(visit, duty, planning, comes)


def _meeting(
    visit: Visit, duty: Duty, planning: Planning, comes: Mapping[str, int]
) -> PlannedMeeting:
    clock = planning.starts_at or ""
    words = when(visit.lang, planning)
    return PlannedMeeting(duty, planning.planned_on, planning.ends_on, words, clock, comes)
