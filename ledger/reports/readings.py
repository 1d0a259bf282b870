"""What indicators stood at, year by year, as it was reported."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

READINGS = TABLES["readings"]


class Reading(NamedTuple):
    """One figure reported for a year; the columns of `readings`, the value as decimal text."""

    id: str
    plan: str
    target: str
    year: int
    number: int
    duty: str
    value: str
    source: str
    reported_on: date
    reported_by: str


def listed(conn: sa.Connection, plan: str, *, target: str | None = None) -> list[Reading]:
    """Return the readings of `plan` by target, year and number: of a year the last one counts."""
    columns = READINGS.c
    wanted = sa.select(*(columns[name] for name in Reading._fields)).where(columns.plan == plan)
    if target is not None:
        wanted = wanted.where(columns.target == target)
    rows = conn.execute(wanted.order_by(columns.target, columns.year, columns.number))
    return [Reading._make(row) for row in rows]
