"""What day and what time it is, for a plan: the real one, or a demonstration's own."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from ledger import editions
from tasks.editions import in_force
from tasks.tick import Tick

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.session import Ledger


def now_utc() -> dt.datetime:
    """Return this instant in UTC, to the second as the ledger keeps it."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def demo_day(ledger: Ledger) -> dt.date | None:
    """Return the day a demonstration stands at, the last one swept; None in real use."""
    with ledger.read() as conn:
        found = editions.all_in_force(conn)
    return max((e.swept_through or e.issued_on for e in found if e.is_demo), default=None)


def today(ledger: Ledger, zone: str) -> dt.date:
    """Return the demonstration's day, else the calendar day it now is in `zone`."""
    return demo_day(ledger) or now_utc().astimezone(ZoneInfo(zone)).date()


def watch(ledger: Ledger, zone: str, day: dt.date) -> Callable[[], dt.datetime]:
    """Return what tells the instant in UTC; in a demonstration it is this time of day on `day`."""
    if demo_day(ledger) is None:
        return now_utc

    def read() -> dt.datetime:
        here = now_utc().astimezone(ZoneInfo(zone))
        return dt.datetime.combine(day, here.time(), here.tzinfo).astimezone(dt.UTC)

    return read


def zone_of(ledger: Ledger, plan: str) -> str:
    """Return the zone whose calendar `plan` follows; NotFoundError if it is not in force."""
    with ledger.read() as conn:
        return in_force(conn, plan).plan.zone


def tick(ledger: Ledger, plan: str, *, on: dt.date | None = None) -> Tick:
    """Return the tick of `plan` for today, or for the day `on`."""
    zone = zone_of(ledger, plan)
    day = on or today(ledger, zone)
    return Tick(plan=plan, on=day, at=watch(ledger, zone, day)())


def farthest_zone(ledger: Ledger) -> str:
    """Return the zone of the plans in force in which it is latest; UTC when there is none."""
    zones = {zone_of(ledger, plan) for plan in plans_in_force(ledger)} or {"UTC"}
    now = now_utc()
    return max(sorted(zones), key=lambda zone: now.astimezone(ZoneInfo(zone)).replace(tzinfo=None))


def plans_in_force(ledger: Ledger) -> list[str]:
    """Return the codes of the plans that are to be swept."""
    with ledger.read() as conn:
        return [edition.plan for edition in editions.all_in_force(conn)]
