"""Circulars (通報) as they are kept: drafts, and the register of those that were released."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import sqlalchemy as sa

from catalog.errors import NotFoundError
from catalog.reports.circular import CircularFigures
from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.reports import CircularBase

if TYPE_CHECKING:
    from catalog.reports.circular_words import Section

CIRCULARS = TABLES["circulars"]
EDITIONS = TABLES["editions"]


class Circular(CircularBase):
    """A circular; the columns of `circulars`. It has no number until it is released."""

    @property
    def told(self) -> CircularFigures:
        """The frozen data."""
        return CircularFigures.model_validate_json(self.data)

    @property
    def paragraphs(self) -> dict[Section, str]:
        """The words by section."""
        found: dict[Section, str] = json.loads(self.words)
        return found


def circular_id(plan: str, span: str) -> str:
    """Return the id of the one circular of a plan and span."""
    return f"{plan}/{span}"


def one(conn: sa.Connection, plan: str, span: str) -> Circular:
    """Return the circular of that plan and span; NotFoundError when none was drafted."""
    found = find(conn, plan, span)
    if found is None:
        raise NotFoundError("circular-unknown", plan=plan, span=span)
    return found


def find(conn: sa.Connection, plan: str, span: str) -> Circular | None:
    """Return the circular of that plan and span, None when none was drafted."""
    rows = _kept(conn, CIRCULARS.c.id == circular_id(plan, span))
    return rows[0] if rows else None


def listed(conn: sa.Connection, plan: str, *, released: bool) -> list[Circular]:
    """Return the circulars of `plan`, the drafts or the released ones, the last first."""
    number = CIRCULARS.c.number
    return _kept(
        conn, CIRCULARS.c.plan == plan, number.is_not(None) if released else number.is_(None)
    )


def next_serial(conn: sa.Connection, plan: str, year: int) -> int:
    """Return the next number of the plan's circulars in `year`, and keep others from taking it."""
    in_force = sa.select(EDITIONS.c.plan).where(EDITIONS.c.plan == plan, EDITIONS.c.in_force)
    conn.execute(in_force.with_for_update(key_share=True))
    of_year = sa.and_(CIRCULARS.c.plan == plan, CIRCULARS.c.year == year)
    last = conn.execute(sa.select(sa.func.max(CIRCULARS.c.serial)).where(of_year)).scalar()
    return (last or 0) + 1


def _kept(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Circular]:
    query = sa.select(CIRCULARS).where(*where)
    return rows(conn, query.order_by(CIRCULARS.c.on.desc(), CIRCULARS.c.id.desc()), Circular)
