"""The daily check: a share of what drives the engine and lets people in, each day another one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.proof import chain, daily_share
from tasks.tick import Counts

if TYPE_CHECKING:
    from ledger.proof.chain import Entry
    from ledger.session import Connection, Ledger
    from tasks.tick import Tick

SUBJECT = "check"
MOST = 50  # findings in one entry


def check(ledger: Ledger, tick: Tick) -> Counts:
    """Check the share of the day and return how much is wrong; the history records findings.

    It runs after the sweep and its delivery, so that nobody waits for it.
    """
    with ledger.read() as conn:
        wrong = daily_share.findings(conn, tick.plan, tick.on, tick.at)
        last = last_check(conn)
    note = {"on": tick.on, "plan": tick.plan, "count": len(wrong), "findings": wrong[:MOST]}
    if not wrong or (last and last.payload["findings"] == wrong[:MOST]):
        return Counts(wrong=len(wrong))
    with ledger.transaction() as tx:
        tx.record("check-failed", SUBJECT, note=note, at=tick.at, actor=tick.actor)
    return Counts(wrong=len(wrong))


def last_check(conn: Connection) -> Entry | None:
    """Return the last entry of findings that nobody has mended since."""
    entries = chain.about(conn, [SUBJECT])
    return entries[-1] if entries and entries[-1].deed == "check-failed" else None
