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
    day: date | None = conn.scalar(items.where(same, ITEMS.c.held_on < before))
    return day
