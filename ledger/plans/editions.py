"""Which edition of a plan is in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from catalog.errors import NotFoundError
from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date, datetime

EDITIONS = TABLES["editions"]


class Edition(NamedTuple):
    """A plan as published; the columns of `editions`."""

    plan: str
    edition: int
    title: str
    digest: str
    document: str
    issued_on: date
    starts_on: date
    ends_on: date
    workdays_version: str
    published_at: datetime
    published_by: str
    in_force: bool
    is_demo: bool
    expanded_through: date | None
    swept_through: date | None


def in_force(conn: sa.Connection, plan: str) -> Edition:
    """Return the edition of `plan` in force; raises NotFoundError."""
    wanted = sa.select(EDITIONS).where(EDITIONS.c.in_force, EDITIONS.c.plan == plan)
    found = conn.execute(wanted).first()
    if found is None:
        raise NotFoundError("plan-not-in-force", plan=plan)
    return Edition._make(found)


def all_in_force(conn: sa.Connection) -> list[Edition]:
    """Return the editions in force, by plan."""
    wanted = sa.select(EDITIONS).where(EDITIONS.c.in_force).order_by(EDITIONS.c.plan)
    return [Edition._make(row) for row in conn.execute(wanted)]


def of(conn: sa.Connection, plan: str) -> list[Edition]:
    """Return every edition of `plan` that was published, oldest first."""
    wanted = sa.select(EDITIONS).where(EDITIONS.c.plan == plan).order_by(EDITIONS.c.edition)
    return [Edition._make(row) for row in conn.execute(wanted)]
