"""Days of granted extensions and of released slips, as reports count them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

DUTIES = TABLES["duties"]
EXTENSIONS = TABLES["extensions"]
SLIPS = TABLES["slips"]


def extension_days(conn: sa.Connection, plan: str) -> dict[str, list[date]]:
    """Return the days on which extensions were granted, by duty."""
    query = sa.select(EXTENSIONS.c.duty, EXTENSIONS.c.decided_on).join(
        DUTIES, DUTIES.c.key == EXTENSIONS.c.duty
    )
    query = query.where(DUTIES.c.plan == plan, EXTENSIONS.c.outcome == "granted")
    days: dict[str, list[date]] = {}
    for duty, day in conn.execute(query.order_by(EXTENSIONS.c.id)):
        days.setdefault(duty, []).append(day)
    return days


def release_days(conn: sa.Connection, plan: str) -> list[date]:
    """Return the day of release of every slip of `plan`."""
    query = sa.select(SLIPS.c.released_on).where(SLIPS.c.plan == plan)
    return list(conn.scalars(query.order_by(SLIPS.c.released_on)))
