"""The calendar day of a ledger: the real one, or a demonstration's own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from ledger.plans import editions
from tasks.clock import time_zone
from tasks.in_force import in_force

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.session import Connection, Ledger


class Now(NamedTuple):
    """The day in a plan's zone and the instant, for one command or run."""

    on: dt.date
    at: dt.datetime


def demo_day(ledger: Ledger) -> dt.date | None:
    """Return the day of a demonstration: the last one swept; None in real use."""
    with ledger.read() as conn:
        swept = [e.swept_through or e.issued_on for e in editions.all_in_force(conn) if e.is_demo]
    return max(swept, default=None)


def now(ledger: Ledger, plan: str, clock: Callable[[], dt.datetime]) -> Now:
    """Return the day and instant for `plan` when the real clock shows `clock()`.

    A demonstration has its own day, at the real time of day.
    """
    with ledger.read() as conn:
        zone = time_zone(in_force(conn, plan).plan.zone)
    here = clock().astimezone(zone)
    day = demo_day(ledger)
    if day is None:
        return Now(here.date(), here.astimezone(dt.UTC))
    return Now(day, dt.datetime.combine(day, here.time(), zone).astimezone(dt.UTC))


def zone(conn: Connection) -> dt.tzinfo:
    """Return the zone of the first plan in force, UTC when there is none."""
    rows = editions.all_in_force(conn)
    return time_zone(in_force(conn, rows[0].plan).plan.zone if rows else "UTC")


def plans(ledger: Ledger) -> list[str]:
    """Return the codes of the plans in force."""
    with ledger.read() as conn:
        return [edition.plan for edition in editions.all_in_force(conn)]
