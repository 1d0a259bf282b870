"""Reminders: the due rungs that need no release by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.sweep.telling import tell

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.tick import Counts, Tick


def remind(ledger: Ledger, tick: Tick) -> Counts:
    """Queue the notices due up to `tick.on`, one for each duty and recipient."""
    return tell(ledger, tick, "notice")
