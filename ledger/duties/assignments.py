"""Assignments: the sources of duties beside the plan, and the decisions of meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from catalog.duties import adhoc
from ledger.duties import conditions, duties
from ledger.duties.duties import DUTIES
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.assignments import Assignment

if TYPE_CHECKING:
    from ledger.duties.conditions import Condition
    from ledger.duties.duties import Duty

__all__ = ["Assignment"]

ASSIGNMENTS = TABLES["assignments"]
# Each assignment has the duties of one obligation, several where it recurs.
_OBLIGATION = sa.literal(adhoc.obligation_id("")) + sa.cast(ASSIGNMENTS.c.number, sa.String)
_ASSIGNED = (DUTIES.c.plan == ASSIGNMENTS.c.plan) & (DUTIES.c.obligation == _OBLIGATION)
_OF_PLAN = (
    sa.select(ASSIGNMENTS)
    .where(ASSIGNMENTS.c.plan == sa.bindparam("plan"))
    .order_by(ASSIGNMENTS.c.number)
)


def of_plan(conn: sa.Connection, plan: str) -> list[tuple[Duty, Assignment]]:
    """Return the duties beside a plan with their assignments, by number."""
    every = rows(conn, _OF_PLAN, Assignment, plan=plan)
    by_key = duties.of(conn, [each.duty for each in every]) if every else {}
    return [(by_key[each.duty], each) for each in every]


def of_duty(conn: sa.Connection, duty: str) -> Assignment | None:
    """Return the assignment of a duty, None for one of the plan."""
    own = sa.select(ASSIGNMENTS).join(DUTIES, _ASSIGNED).where(DUTIES.c.key == duty)
    return first(conn, own, Assignment)


def next_number(conn: sa.Connection, plan: str) -> int:
    """Return the number of the next assignment beside a plan, from 1."""
    highest = sa.select(sa.func.max(ASSIGNMENTS.c.number)).where(ASSIGNMENTS.c.plan == plan)
    return 1 + (conn.scalar(highest) or 0)


def decided_by(meeting: Duty) -> Condition:
    """Return the condition for duties that a meeting decided, also that of a past period."""
    same = conditions.of(plan=meeting.plan, obligation=meeting.obligation)
    same &= DUTIES.c.party.is_not_distinct_from(meeting.party)
    return _decided(ASSIGNMENTS.c.meeting.in_(sa.select(DUTIES.c.key).where(same)))


def decided_in(meeting: str) -> Condition:
    """Return the condition for duties that the meeting of this key decided."""
    return _decided(ASSIGNMENTS.c.meeting == meeting)


def _decided(where: Condition) -> Condition:
    assigned = sa.select(ASSIGNMENTS.c.plan, _OBLIGATION).where(where)
    same = sa.tuple_(DUTIES.c.plan, DUTIES.c.obligation).in_(assigned)
    return (DUTIES.c.measure == adhoc.MEASURE) & same  # found by an index
