"""The time of the daily sweep, and plans it has missed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tasks.clock import time_zone

if TYPE_CHECKING:
    from ledger.plans import editions

SWEEP_AT = dt.time(8, 30)  # in the plan's zone; deploy/prefect.yaml has it once more
# Courses of obligations run by themselves after the sweep, and do what it has left: earlier, their
# letters would go before the day's others and not with them.
COURSE_AT = dt.time(9)
UNSWEPT = dt.timedelta(hours=26)


def sweep_instant(plan_zone: str, on: dt.date) -> dt.datetime:
    """Return the instant of the daily sweep: SWEEP_AT in the plan's zone, as UTC."""
    return dt.datetime.combine(on, SWEEP_AT, time_zone(plan_zone)).astimezone(dt.UTC)


def is_ahead(edition: editions.Edition, zone: dt.tzinfo, at: dt.datetime) -> bool:
    """Tell whether the plan was swept for a day that has not come: no sweep runs until then."""
    swept = edition.swept_through
    return not edition.is_demo and swept is not None and swept > at.astimezone(zone).date()


def is_unswept(edition: editions.Edition, zone: dt.tzinfo, at: dt.datetime) -> bool:
    """Tell whether no sweep of the plan has finished for 26 hours at the instant `at`.

    A demonstration is never unswept: its days pass when a person wants.
    """
    if edition.is_demo:
        return False
    last = edition.published_at
    if edition.swept_through is not None:
        last = dt.datetime.combine(edition.swept_through, SWEEP_AT, zone)
    return at - last > UNSWEPT
