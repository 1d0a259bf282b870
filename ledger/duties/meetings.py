"""Meetings: the days on which they were held."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.duties import conditions
from ledger.duties.duties import DUTIES, ITEMS

if TYPE_CHECKING:
    from datetime import date

    from ledger.duties.duties import Duty


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
