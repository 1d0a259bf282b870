"""The demonstration: the real plan, swept day by day, with a cast that answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from catalog.errors import ConflictError
from ledger import editions
from tasks import cast
from tasks.deliver import deliver
from tasks.editions import in_force
from tasks.publish import publish
from tasks.replay import sweep_instant
from tasks.sweep import sweep
from tasks.tick import Counts, Tick

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog.plan import Plan
    from ledger.session import Ledger

DAY = dt.timedelta(days=1)
ANSWER_AFTER = dt.timedelta(hours=2)


def begin(ledger: Ledger, plan: Plan) -> None:
    """Publish `plan` as a demonstration, with made-up addresses.

    ConflictError in a home that holds a real ledger: demonstration data must never mix with it.
    """
    with ledger.read() as conn:
        if any(not edition.is_demo for edition in editions.all_in_force(conn)):
            raise ConflictError("demo-in-real-home", home=ledger.settings.home)
    at = sweep_instant(plan.zone, plan.issued_on)
    if publish(ledger, plan, at=at, actor="demo", demo=True).new:
        cast.introduce(ledger, plan, at=at)


def play(
    ledger: Ledger, plan: str, *, until: dt.date, progress: Callable[[dt.date], None]
) -> Counts:
    """Live every day from the last one swept up to `until`: sweep, deliver, and let the cast act.

    Interrupted, it goes on where it stopped: the day is the last one swept.
    """
    counts = Counts()
    with ledger.read() as conn:
        row = in_force(conn, plan).row
    on = row.swept_through + DAY if row.swept_through else row.issued_on
    while on <= until:
        counts.update(live(ledger, plan, on))
        progress(on)
        on += DAY
    return counts


def live(ledger: Ledger, plan: str, on: dt.date) -> Counts:
    """Live one day of the demonstration: sweep, deliver, and let the cast act."""
    with ledger.read() as conn:
        held = in_force(conn, plan)
    tick = Tick(plan, on, sweep_instant(held.plan.zone, on))
    counts = sweep(ledger, tick)
    counts.update(deliver(ledger, on=on, clock=lambda: tick.at))
    del counts["waiting"]
    counts.update(cast.act(ledger, held, replace(tick, at=tick.at + ANSWER_AFTER)))
    return counts
