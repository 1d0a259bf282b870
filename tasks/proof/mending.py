"""Mending of derived columns that do not follow from the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.proof.derived import shown
from ledger.proof.ledger_verification import wrong_columns
from ledger.store.changes import Change
from tasks.proof.daily_check import SUBJECT, last_check

if TYPE_CHECKING:
    import datetime as dt

    from ledger.proof.derived import Wrong
    from ledger.session import Ledger


def mend(ledger: Ledger, *, at: dt.datetime, actor: str) -> list[Wrong]:
    """Set the derived columns right that are wrong, and record each with its value before.

    The next sweep tells what was kept silent. A finding of the daily check that no longer holds is
    settled by it too; one that does comes again within a week.
    """
    with ledger.transaction(alone=True) as tx:
        wrong = wrong_columns(tx.conn, at)
        if wrong or last_check(tx.conn):
            tx.lease(Change(w.table, w.key, {w.column: w.right}) for w in wrong)
            rows = [[w.table, w.key, w.column, shown(w.value), shown(w.right)] for w in wrong]
            tx.record("mended", SUBJECT, note={"columns": rows}, at=at, actor=actor)
    return wrong
