"""On which days a plan's extensions were granted and its slips released: what reports count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

DUTIES = TABLES["duties"]
EXTENSIONS = TABLES["extensions"]
SLIPS = TABLES["slips"]


def granted(conn: sa.Connection, plan: str) -> dict[str, list[date]]:
    """Return the days on which later due dates were granted, by duty."""
    query = sa.select(EXTENSIONS.c.duty, EXTENSIONS.c.decided_on).join(
        DUTIES, DUTIES.c.key == EXTENSIONS.c.duty
    )
    query = query.where(DUTIES.c.plan == plan, EXTENSIONS.c.outcome == "granted")
    found: dict[str, list[date]] = {}
    for duty, day in conn.execute(query.order_by(EXTENSIONS.c.id)):
        found.setdefault(duty, []).append(day)
    return found


def released(conn: sa.Connection, plan: str) -> list[date]:
    """Return the days on which the slips of `plan` were released, one a slip."""
    query = sa.select(SLIPS.c.released_on).where(SLIPS.c.plan == plan)
    return list(conn.scalars(query.order_by(SLIPS.c.released_on)))
