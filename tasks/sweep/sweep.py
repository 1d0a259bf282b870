"""One sweep of one plan without Prefect, with the steps of the flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.sweep.steps import AFTERWARDS, STEPS
from tasks.tick import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.session import Ledger
    from tasks.sweep.steps import Step
    from tasks.tick import Tick


def sweep_and_check(ledger: Ledger, tick: Tick) -> Counts:
    """Sweep, then do what follows a sweep, and return all the counts; raises what `sweep` does."""
    counts = sweep(ledger, tick)
    for step in AFTERWARDS:
        counts.update(step(ledger, tick))
    return counts


def sweep(ledger: Ledger, tick: Tick, steps: Iterable[Step] | None = None) -> Counts:
    """Run every step for `tick` and return the counts opened, reminded, escalated, coalesced.

    A course of one obligation takes only some `steps`. UnfinishedError where the time of `tick` is
    over before the last one.
    """
    counts = Counts()
    for step in STEPS if steps is None else steps:
        tick.go_on(ledger)
        counts.update(step(ledger, tick))
    return counts
