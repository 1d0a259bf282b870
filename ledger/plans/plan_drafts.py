"""Drafts of plans that people are settling: their documents, and what was said, by whom, when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from catalog.errors import NotFoundError
from ledger.store.changes import Change
from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.plan_drafts import PlanDraft

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from ledger.session import Transaction

__all__ = ["PlanDraft"]

DRAFTS = TABLES["plan_drafts"]
STEPS = TABLES["plan_steps"]


class PlanStep(NamedTuple):
    """One thing that was said about a draft."""

    seq: int
    deed: str
    about: str
    fields: Mapping[str, Any]
    user: str
    at: dt.datetime


def begin(tx: Transaction, held: PlanDraft) -> None:
    """Keep a new draft."""
    values = held.model_dump()
    tx.lease([Change("plan_drafts", values.pop("id"), values, "insert")])


def open_(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[PlanDraft]:
    """Return the drafts that were neither published nor thrown away, the last begun first."""
    query = sa.select(DRAFTS).where(DRAFTS.c.ended_at.is_(None), *where)
    return rows(conn, query.order_by(DRAFTS.c.begun_at.desc(), DRAFTS.c.id), PlanDraft)


def one(conn: sa.Connection, draft: str) -> PlanDraft:
    """Return the open draft of that id; NotFoundError when there is none."""
    found = open_(conn, DRAFTS.c.id == draft)
    if not found:
        raise NotFoundError("draft-unknown")
    return found[0]


def steps(conn: sa.Connection, draft: str) -> list[PlanStep]:
    """Return what was said about a draft, in order."""
    c = STEPS.c
    query = sa.select(c.seq, c.deed, c.about, c.fields, c.user, c.done_at)
    steps = conn.execute(query.where(c.draft == draft).order_by(c.seq))
    return [
        PlanStep(n, deed, about, json.loads(f), user, at) for n, deed, about, f, user, at in steps
    ]


def say(tx: Transaction, draft: str, done: PlanStep) -> None:
    """Keep one more thing said; ConflictError when somebody else was faster."""
    fields = json.dumps(done.fields, ensure_ascii=False)
    said = {"deed": done.deed, "about": done.about, "fields": fields}
    told = {**said, "user": done.user, "done_at": done.at}
    tx.lease([Change("plan_steps", (draft, done.seq), told, "insert")])


def unsay(tx: Transaction, draft: str, seq: int) -> None:
    """Take back the last thing said, of that number."""
    tx.conn.execute(sa.delete(STEPS).where(STEPS.c.draft == draft, STEPS.c.seq >= seq))


def end(tx: Transaction, draft: str, at: dt.datetime) -> None:
    """Let a draft be over."""
    tx.lease([Change("plan_drafts", draft, {"ended_at": at}, expected={"ended_at": None})])
