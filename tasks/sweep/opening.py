"""Open the duties whose day has come; the ladder's first rung is told by the reminding step."""

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
    """Record as opened, on their own opening day, all duties that open up to `tick.on`."""
    counts = Counts()

    def act(tx: Transaction, page: list[Duty]) -> None:
        for held in page:
            change = Change("duties", held.key, {"opened_on": held.opens_on})
            tx.record("opened", held.key, changes=[change], at=tick.at, actor=tick.actor)
            counts["opened"] += 1

    act_on_due(ledger, tick, act, unopened=True)
    return counts
