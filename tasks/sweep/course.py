"""The course of one obligation through a day: the steps of a sweep, for its duties alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.in_force import in_force
from tasks.sweep.brake import brake
from tasks.sweep.sweep import sweep
from tasks.tick import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.session import Ledger
    from tasks.sweep.steps import Step
    from tasks.tick import Tick


def carry(ledger: Ledger, tick: Tick, steps: Iterable[Step]) -> Counts:
    """Take the duties of the obligation of `tick` through `steps`; return what was done.

    It may run twice, late or never, as the day's sweep goes over everything after it. It does
    nothing when a later day has been swept. NotFoundError for an unknown obligation.
    """
    with ledger.read() as conn:
        edition = in_force(conn, tick.plan)
    edition.obligation(str(tick.obligation))
    if edition.row.swept_through is not None and edition.row.swept_through > tick.on:
        return Counts()
    brake(ledger, tick)
    return sweep(ledger, tick, steps)
