"""Editions of plans: the published ones and those in force."""

from __future__ import annotations

import sqlalchemy as sa

from catalog.errors import NotFoundError
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.plan import Edition, EditionBase

__all__ = ["Edition", "EditionBase"]

EDITIONS = TABLES["editions"]


def in_force(conn: sa.Connection, plan: str) -> Edition:
    """Return the edition of `plan` in force; raises NotFoundError."""
    query = sa.select(EDITIONS).where(EDITIONS.c.in_force, EDITIONS.c.plan == plan)
    edition = first(conn, query, Edition)
    if edition is None:
        raise NotFoundError("plan-not-in-force", plan=plan)
    return edition


def all_in_force(conn: sa.Connection) -> list[Edition]:
    """Return the editions in force, by plan."""
    query = sa.select(EDITIONS).where(EDITIONS.c.in_force).order_by(EDITIONS.c.plan)
    return rows(conn, query, Edition)


def of(conn: sa.Connection, plan: str) -> list[Edition]:
    """Return every published edition of `plan`, oldest first."""
    query = sa.select(EDITIONS).where(EDITIONS.c.plan == plan).order_by(EDITIONS.c.edition)
    return rows(conn, query, Edition)
