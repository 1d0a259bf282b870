"""What systems asked with an idempotency key, and what they were answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.store.changes import Change
from ledger.store.rows import first
from ledger.tables import TABLES
from ledger.tables.answers import Answer

if TYPE_CHECKING:
    from datetime import date

    from ledger.session import Ledger

__all__ = ["Answer"]

ANSWERS = TABLES["answers"]


def begin(ledger: Ledger, key: str, *, user: str, asked: str, on: date) -> Answer | None:
    """Take `key` for this request and return None; the answer when it was taken before."""
    with ledger.transaction() as tx:
        tx.hold("answer", key)
        before = one(tx.conn, key)
        if before is not None:
            return before
        values = {"user": user, "asked": asked, "asked_on": on}
        tx.lease([Change("answers", key, values, "insert")])
    return None


def one(conn: sa.Connection, key: str) -> Answer | None:
    """Return what was asked and answered under `key`, None when nobody asked."""
    return first(conn, sa.select(ANSWERS).where(ANSWERS.c.id == key), Answer)


def settle(ledger: Ledger, key: str, status: int, answer: str) -> None:
    """Keep the answer given to `key`."""
    with ledger.transaction() as tx:
        tx.lease([Change("answers", key, {"status": status, "answer": answer})])


def drop(ledger: Ledger, key: str) -> None:
    """Free `key`: the deed was refused and nothing was done."""
    with ledger.transaction() as tx:
        tx.conn.execute(sa.delete(ANSWERS).where(ANSWERS.c.id == key))
