"""What time it is when a run starts: here the real clock is read, and nowhere else below."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tasks import today
from tasks.tick import Tick

if TYPE_CHECKING:
    from ledger.session import Ledger


def now_utc() -> dt.datetime:
    """Return this instant in UTC, to the second as the ledger keeps it."""
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def tick(ledger: Ledger, plan: str, *, on: dt.date | None = None) -> Tick:
    """Return the tick of `plan` for its present day, or for the day `on`.

    NotFoundError if the plan is not in force. A demonstration's instants lie on the day swept.
    """
    day, at = today.now(ledger, plan, now_utc)
    if on and today.demo_day(ledger) is not None:
        at += on - day
    return Tick(plan=plan, on=on or day, at=at)


def latest(ledger: Ledger) -> today.Now:
    """Return the latest day that any plan in force has reached, and the instant it is there."""
    found = [today.now(ledger, plan, now_utc) for plan in today.plans(ledger)]
    return max(found, default=today.Now(now_utc().date(), now_utc()))
