"""Material for events: the number that an even pace has by the end of each month."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reports.preparation import Pace, checkpoints
from ledger.duties import duties
from tasks.preparing import prepare

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.preparing import DutyContext
    from tasks.tick import Counts, Tick


def prepare_events(ledger: Ledger, tick: Tick) -> Counts:
    """Prepare the calendar of every quota of events that is due for preparation."""
    return prepare(ledger, tick, "event", pace)


def pace(context: DutyContext) -> Pace:
    """Return the calendar of the events of a period."""
    duty = context.duty
    return Pace(
        **context.common_fields(),
        opens_on=duty.opens_on,
        checkpoints=checkpoints(duty.quota_min or 1, *duties.facts(duty).paced),
    )
