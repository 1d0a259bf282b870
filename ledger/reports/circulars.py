"""Circulars (通報): the drafts and the register of released ones."""

from __future__ import annotations

import json

import sqlalchemy as sa

from catalog.dates.spans import span
from catalog.errors import NotFoundError
from catalog.reports.circular import CircularFigures
from catalog.reports.evaluation import Evaluation
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.reports import CircularBase

CIRCULARS = TABLES["circulars"]
EDITIONS = TABLES["editions"]


class Circular(CircularBase):
    """A circular; the columns of `circulars`. It has no number until it is released."""

    @property
    def figures(self) -> CircularFigures | Evaluation:
        """The frozen figures: of the duties of a month or quarter, or of a year's evaluation."""
        if span(self.span).is_year:
            return Evaluation.model_validate_json(self.data)
        return CircularFigures.model_validate_json(self.data)

    @property
    def paragraphs(self) -> dict[str, str]:
        """The text by section."""
        paragraphs: dict[str, str] = json.loads(self.words)
        return paragraphs


def circular_id(plan: str, span: str) -> str:
    """Return the id of the one circular of a plan and span."""
    return f"{plan}/{span}"


def one(conn: sa.Connection, plan: str, span: str) -> Circular:
    """Return the circular of this plan and span; raises NotFoundError."""
    circular = find(conn, plan, span)
    if circular is None:
        raise NotFoundError("circular-unknown", plan=plan, span=span)
    return circular


def find(conn: sa.Connection, plan: str, span: str) -> Circular | None:
    """Return the circular of this plan and span, None where there is none."""
    query = sa.select(CIRCULARS).where(CIRCULARS.c.id == circular_id(plan, span))
    return first(conn, query, Circular)


def listed(conn: sa.Connection, plan: str, *, released: bool) -> list[Circular]:
    """Return the circulars of `plan`, the drafts or the released ones, the last first."""
    c = CIRCULARS.c
    state = c.number.is_not(None) if released else c.number.is_(None)
    query = sa.select(CIRCULARS).where(c.plan == plan, state)
    return rows(conn, query.order_by(c.on.desc(), c.id.desc()), Circular)


def next_serial(conn: sa.Connection, plan: str, year: int) -> int:
    """Return the next number of the plan's circulars in `year` and reserve it."""
    in_force = sa.select(EDITIONS.c.plan).where(EDITIONS.c.plan == plan, EDITIONS.c.in_force)
    conn.execute(in_force.with_for_update(key_share=True))
    of_year = sa.and_(CIRCULARS.c.plan == plan, CIRCULARS.c.year == year)
    last = conn.execute(sa.select(sa.func.max(CIRCULARS.c.serial)).where(of_year)).scalar()
    return (last or 0) + 1
