"""Escalation: the due slips, drafted for the office to release."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.sweep.telling import tell

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.tick import Counts, Tick


def escalate(ledger: Ledger, tick: Tick) -> Counts:
    """Draft the slips due up to `tick.on` and notify the office."""
    return tell(ledger, tick, "slip")
