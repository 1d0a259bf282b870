"""Drafts of plans being settled: their documents and the steps recorded on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from catalog.errors import NotFoundError
from ledger.store.changes import Change
from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.plan import PlanDraft

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from ledger.session import Transaction

__all__ = ["PlanDraft"]

DRAFTS = TABLES["plan_drafts"]
STEPS = TABLES["plan_steps"]


class PlanStep(NamedTuple):
    """One step recorded on a draft."""

    seq: int
    deed: str
    about: str
    fields: Mapping[str, Any]
    user: str
    at: dt.datetime


def begin(tx: Transaction, draft: PlanDraft) -> None:
    """Save a new draft."""
    values = draft.model_dump()
    tx.lease([Change("plan_drafts", values.pop("id"), values, "insert")])


def open_(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[PlanDraft]:
    """Return the drafts neither published nor discarded, the last begun first."""
    query = sa.select(DRAFTS).where(DRAFTS.c.ended_at.is_(None), *where)
    return rows(conn, query.order_by(DRAFTS.c.begun_at.desc(), DRAFTS.c.id), PlanDraft)


def one(conn: sa.Connection, draft: str) -> PlanDraft:
    """Return the open draft with this id; raises NotFoundError."""
    drafts = open_(conn, DRAFTS.c.id == draft)
    if not drafts:
        raise NotFoundError("draft-unknown")
    return drafts[0]


def steps(conn: sa.Connection, draft: str) -> list[PlanStep]:
    """Return the steps recorded on a draft, in order."""
    c = STEPS.c
    query = sa.select(c.seq, c.deed, c.about, c.fields, c.user, c.done_at)
    steps = conn.execute(query.where(c.draft == draft).order_by(c.seq))
    return [
        PlanStep(n, deed, about, json.loads(f), user, at) for n, deed, about, f, user, at in steps
    ]


def add_step(tx: Transaction, draft: str, step: PlanStep) -> None:
    """Record a step; ConflictError where somebody else has recorded one of this number."""
    values = step._asdict() | {"fields": json.dumps(step.fields, ensure_ascii=False)}
    values["done_at"] = values.pop("at")
    tx.lease([Change("plan_steps", (draft, values.pop("seq")), values, "insert")])


def remove_step(tx: Transaction, draft: str, seq: int) -> None:
    """Delete the last step, which has this number."""
    tx.conn.execute(sa.delete(STEPS).where(STEPS.c.draft == draft, STEPS.c.seq >= seq))


def read_with(tx: Transaction, draft: str, agencies: str, steps: Iterable[PlanStep]) -> None:
    """Replace the agencies the draft is read with, and its steps by those that go with them."""
    tx.lease([Change("plan_drafts", draft, {"agencies": agencies}, expected={"ended_at": None})])
    remove_step(tx, draft, 0)
    for step in steps:
        add_step(tx, draft, step)


def end(tx: Transaction, draft: str, at: dt.datetime) -> None:
    """End a draft, whether published or discarded."""
    tx.lease([Change("plan_drafts", draft, {"ended_at": at}, expected={"ended_at": None})])
