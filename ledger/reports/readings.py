"""Readings of targets: the reported figures by year."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.life import Reading

__all__ = ["Reading"]

READINGS = TABLES["readings"]


def listed(conn: sa.Connection, plan: str, *, target: str | None = None) -> list[Reading]:
    """Return the readings of `plan` by target, year and number; the last of a year counts."""
    columns = READINGS.c
    query = sa.select(READINGS).where(columns.plan == plan)
    if target is not None:
        query = query.where(columns.target == target)
    return rows(conn, query.order_by(columns.target, columns.year, columns.number), Reading)
