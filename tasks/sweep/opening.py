"""Opening of duties on their day; the reminding step sends the first rung."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.store.changes import Change
from tasks.sweep.due_pages import act_on_due
from tasks.tick import Counts

if TYPE_CHECKING:
    from ledger.duties.duties import Duty
    from ledger.session import Ledger, Transaction
    from tasks.tick import Tick


def open_duties(ledger: Ledger, tick: Tick) -> Counts:
    """Open every duty whose opening day is at most `tick.on`, dated on that day."""
    counts = Counts()

    def act(tx: Transaction, page: list[Duty]) -> None:
        for edition in page:
            change = Change("duties", edition.key, {"opened_on": edition.opens_on})
            tx.record("opened", edition.key, changes=[change], at=tick.at, actor=tick.actor)
            counts["opened"] += 1

    act_on_due(ledger, tick, act, unopened=True)
    return counts
