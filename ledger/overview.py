"""How a plan stands in figures: duties, notices and messages counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

DUTIES = TABLES["duties"]
NOTICES = TABLES["notices"]
MESSAGES = TABLES["messages"]


class Counts(NamedTuple):
    """The figures of one plan; `late` counts the duties done after their due date, or not yet."""

    duties: int
    opened: int
    closed: int
    late: int
    notices: int
    messages: dict[str, int]
    slips: int


def counts(conn: sa.Connection, plan: str, on: date) -> Counts:
    """Return the figures of `plan` at the end of day `on`; messages by state, slips of any."""
    duties, opened, closed, late = conn.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(DUTIES.c.opened_on),
            sa.func.count(DUTIES.c.closed_on),
            sa.func.count().filter(_done_on(on) > DUTIES.c.due_on),
        ).where(DUTIES.c.plan == plan)
    ).one()
    of_plan = MESSAGES.c.plan == plan
    return Counts(
        duties=duties,
        opened=opened,
        closed=closed,
        late=late,
        notices=_count(conn, sa.select(NOTICES).join(MESSAGES, _CARRIES).where(of_plan)),
        messages=_by_state(conn, plan),
        slips=_count(conn, sa.select(MESSAGES).where(of_plan, MESSAGES.c.form == "slip")),
    )


_CARRIES = MESSAGES.c.id == NOTICES.c.message


def _done_on(on: date) -> sa.ColumnElement[date]:
    """Return the day a duty was reported or closed, and for one that is neither the day `on`."""
    return sa.func.coalesce(DUTIES.c.filed_on, DUTIES.c.closed_on, sa.literal(on, sa.Date))


def _by_state(conn: sa.Connection, plan: str) -> dict[str, int]:
    state = MESSAGES.c.state
    wanted = sa.select(state, sa.func.count()).where(MESSAGES.c.plan == plan)
    return {row[0]: row[1] for row in conn.execute(wanted.group_by(state).order_by(state))}


def _count(conn: sa.Connection, wanted: sa.Select[Any]) -> int:
    return conn.execute(sa.select(sa.func.count()).select_from(wanted.subquery())).scalar_one()
