"""Idempotency keys of requests, and the answers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.store.changes import Change
from ledger.store.rows import first
from ledger.tables import TABLES
from ledger.tables.own import Answer

if TYPE_CHECKING:
    from datetime import date

    from ledger.session import Ledger

__all__ = ["Answer"]

ANSWERS = TABLES["answers"]


def begin(ledger: Ledger, key: str, *, user: str, request: str, on: date) -> Answer | None:
    """Claim `key` for this request and return None, or the answer of the one that has it."""
    with ledger.transaction() as tx:
        tx.hold("answer", key)
        before = one(tx.conn, key)
        if before is not None:
            return before
        values = {"user": user, "asked": request, "asked_on": on}
        tx.lease([Change("answers", key, values, "insert")])
    return None


def one(conn: sa.Connection, key: str) -> Answer | None:
    """Return the request and answer under `key`, None where there is none."""
    return first(conn, sa.select(ANSWERS).where(ANSWERS.c.id == key), Answer)


def settle(ledger: Ledger, key: str, status: int, answer: str) -> None:
    """Record the answer to the request under `key`."""
    with ledger.transaction() as tx:
        tx.lease([Change("answers", key, {"status": status, "answer": answer})])


def drop(ledger: Ledger, key: str) -> None:
    """Release `key` after a refused deed, so that the request may be repeated."""
    with ledger.transaction() as tx:
        tx.conn.execute(sa.delete(ANSWERS).where(ANSWERS.c.id == key))
