"""First duties of a plan just published: created and opened at once, not only by the next sweep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.clock import time_zone
from tasks.sweep.materialise import materialise
from tasks.sweep.opening import open_duties
from tasks.tick import Counts, Tick

if TYPE_CHECKING:
    import datetime as dt

    from catalog.plans.model import Plan
    from ledger.session import Ledger


def schedule(ledger: Ledger, plan: Plan, at: dt.datetime) -> Counts:
    """Create the duties of `plan`, and open those that open by the day of `at`.

    The sweep does the same again where this was cut off; it tells of them.
    """
    tick = Tick(plan.plan, at.astimezone(time_zone(plan.zone)).date(), at)
    return Counts(materialise(ledger, tick)) + Counts(open_duties(ledger, tick))
