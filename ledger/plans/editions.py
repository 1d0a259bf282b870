"""Editions of plans: the published ones and those in force."""

from __future__ import annotations

import sqlalchemy as sa

from catalog.errors import NotFoundError
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.plan import Edition, EditionBase

__all__ = ["Edition", "EditionBase"]

EDITIONS = TABLES["editions"]
_OF_PLAN = sa.select(EDITIONS).where(EDITIONS.c.plan == sa.bindparam("plan"))
_OF_PLAN_IN_FORCE = _OF_PLAN.where(EDITIONS.c.in_force)
_OLDEST_FIRST = _OF_PLAN.order_by(EDITIONS.c.edition)
_IN_FORCE = sa.select(EDITIONS).where(EDITIONS.c.in_force).order_by(EDITIONS.c.plan)


def in_force(conn: sa.Connection, plan: str) -> Edition:
    """Return the edition of `plan` in force; raises NotFoundError."""
    edition = first(conn, _OF_PLAN_IN_FORCE, Edition, plan=plan)
    if edition is None:
        raise NotFoundError("plan-not-in-force", plan=plan)
    return edition


def all_in_force(conn: sa.Connection) -> list[Edition]:
    """Return the editions in force, by plan."""
    return rows(conn, _IN_FORCE, Edition)


def of(conn: sa.Connection, plan: str) -> list[Edition]:
    """Return every published edition of `plan`, oldest first."""
    return rows(conn, _OLDEST_FIRST, Edition, plan=plan)
