"""The material for events: how many an even pace has by the end of each month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reports.preparation import Pace, checkpoints
from tasks.preparing import prepare

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.preparing import View
    from tasks.tick import Counts, Tick


def prepare_events(ledger: Ledger, tick: Tick) -> Counts:
    """Prepare the calendar of every quota of events whose day has come."""
    return prepare(ledger, tick, "event", pace)


def pace(view: View) -> Pace:
    """Return the calendar of the events of a period."""
    duty = view.duty
    return Pace(
        **view.said(),
        opens_on=duty.opens_on,
        checkpoints=checkpoints(duty.quota_min or 1, duty.opens_on, duty.due_on),
    )
