"""The tick of a run: its plan, its day and its instant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks import today
from tasks.clock import now_utc
from tasks.tick import Tick

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger


def tick(ledger: Ledger, plan: str, *, on: dt.date | None = None) -> Tick:
    """Return the tick of `plan` for its present day, or for the day `on`.

    NotFoundError if the plan is not in force. A demonstration's instants lie on the day swept.
    """
    day, at = today.now(ledger, plan, now_utc)
    if on and today.demo_day(ledger) is not None:
        at += on - day
    return Tick(plan=plan, on=on or day, at=at)


def latest(ledger: Ledger) -> today.Now:
    """Return the latest day of any plan in force, and the instant in its zone."""
    nows = [today.now(ledger, plan, now_utc) for plan in today.plans(ledger)]
    return max(nows, default=today.Now(now_utc().date(), now_utc()))
