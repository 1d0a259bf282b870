"""Meetings: the days on which they were held or are planned, and the answers to invitations."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.duties import conditions
from ledger.duties.duties import DUTIES, ITEMS
from ledger.store.changes import KEYS_PER_QUERY
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.life import MeetingAnswer, Planning

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet
    from datetime import date

    from ledger.duties.conditions import Condition
    from ledger.duties.duties import Duty

__all__ = ["MeetingAnswer", "Planning"]

PLANNINGS = TABLES["plannings"]
ANSWERS = TABLES["meeting_answers"]


def last_held(conn: sa.Connection, duty: Duty, *, before: date) -> date | None:
    """Return the last day before `before` on which the meeting was held, also of past periods.

    None where it never was. Meetings of other parties do not count.
    """
    same = conditions.of(plan=duty.plan, obligation=duty.obligation)
    same &= DUTIES.c.party.is_not_distinct_from(duty.party)
    items = sa.select(sa.func.max(ITEMS.c.held_on)).join(DUTIES, DUTIES.c.key == ITEMS.c.duty)
    items = items.where(same, ITEMS.c.held_on < before)
    single = sa.select(sa.func.max(DUTIES.c.held_on)).where(same, DUTIES.c.held_on < before)
    return max(filter(None, map(conn.scalar, (items, single))), default=None)


def held_on(conn: sa.Connection, duty: Duty) -> date | None:
    """Return the last day on which this meeting was held, None while it was not."""
    day: date | None = conn.scalar(
        sa.select(sa.func.max(ITEMS.c.held_on)).where(ITEMS.c.duty == duty.key)
    )
    return max(filter(None, (day, duty.held_on)), default=None)


def planning(conn: sa.Connection, duty: str) -> Planning | None:
    """Return the last planning of the duty, also one that was called off; None without one."""
    return last_plannings(conn, [duty]).get(duty)


def last_plannings(conn: sa.Connection, duties: Iterable[str]) -> dict[str, Planning]:
    """Return the last planning of each of `duties` that has one, by key."""
    last: dict[str, Planning] = {}
    rest = iter(duties)
    while some := list(islice(rest, KEYS_PER_QUERY)):
        last |= {p.duty: p for p in rows(conn, _last(PLANNINGS.c.duty.in_(some)), Planning)}
    return last


def numbered(conn: sa.Connection, duty: str, number: int) -> Planning | None:
    """Return the planning of the duty with this number, None where there is none."""
    where = (PLANNINGS.c.duty == duty, PLANNINGS.c.number == number)
    return first(conn, sa.select(PLANNINGS).where(*where), Planning)


def invites(conn: sa.Connection, duty: Duty, agencies: AbstractSet[str]) -> bool:
    """Tell whether the last planning of `duty` invites one of `agencies` beside its own."""
    if duty.planned_on is None:
        return False
    last = planning(conn, duty.key)
    return last is not None and not agencies.isdisjoint(last.participants)


def inviting(agencies: Iterable[str]) -> Condition:
    """Return the condition for duties whose planned meeting invites one of `agencies`."""
    names = sa.type_coerce(PLANNINGS.c.participants, sa.Text)  # a JSON list of ids
    among = sa.or_(
        sa.false(), *(names.contains(f'"{agency}"', autoescape=True) for agency in agencies)
    )
    keys = sa.select(PLANNINGS.c.duty).where(_is_last(), among)
    return DUTIES.c.planned_on.is_not(None) & DUTIES.c.key.in_(keys)


def of_uid(conn: sa.Connection, uid: str) -> Planning | None:
    """Return the last planning with this UID, None where there is none."""
    query = sa.select(PLANNINGS).where(PLANNINGS.c.uid == uid)
    return first(conn, query.order_by(PLANNINGS.c.number.desc()).limit(1), Planning)


def answers(conn: sa.Connection, *duties: str) -> list[MeetingAnswer]:
    """Return the answers to the plannings of these duties, oldest first."""
    query = sa.select(ANSWERS).where(ANSWERS.c.duty.in_(duties))
    return rows(conn, query.order_by(ANSWERS.c.duty, ANSWERS.c.number), MeetingAnswer)


def _last(*where: sa.ColumnElement[bool]) -> sa.Select[tuple[object, ...]]:
    """Return the query of the last plannings that meet `where`."""
    return sa.select(PLANNINGS).where(*where, _is_last())


def _is_last() -> sa.ColumnElement[bool]:
    later = PLANNINGS.alias("later")
    newer = sa.select(later.c.number).where(
        later.c.duty == PLANNINGS.c.duty, later.c.number > PLANNINGS.c.number
    )
    return ~newer.exists()
