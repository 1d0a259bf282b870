"""The brake: a sweep stops if a leap of the clock would make a plan overdue."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError
from ledger.duties import conditions, duties, standing_in_sql
from ledger.plans import editions

if TYPE_CHECKING:
    from ledger.plans.editions import Edition
    from ledger.session import Connection, Ledger
    from tasks.tick import Tick

LONGEST = dt.timedelta(days=7)  # a machine that was off over the holidays is no leap
SHARE = 0.2


class Leap(NamedTuple):
    """A leap of the clock: `late` of the `held` duties that are not overdue would be at once."""

    plan: str
    swept: dt.date
    on: dt.date
    late: int
    held: int


def leap(conn: Connection, edition: Edition, on: dt.date) -> Leap | None:
    """Return the leap a sweep of `edition` for the day `on` would make, None where it makes none.

    More than LONGEST after the last sweep, and more than SHARE of what runs turned overdue. The
    days of a demonstration pass when a person wants.
    """
    swept = edition.swept_through
    if edition.is_demo or swept is None or on - swept <= LONGEST:
        return None
    day = standing_in_sql.at(conn, on)
    of_plan = conditions.of(plan=edition.plan) & conditions.due_from(swept)
    running = duties.count(conn, day.live, of_plan)
    late = duties.count(conn, day.has_status("overdue"), of_plan)
    return Leap(edition.plan, swept, on, late, running) if late > SHARE * running else None


def brake(ledger: Ledger, tick: Tick, *, confirmed: bool = False) -> None:
    """Stop a sweep that leaps (ConflictError) until a person has `confirmed` the day.

    Called where a sweep is started by the clock or by hand; who confirmed stands in the history.
    """
    with ledger.read() as conn:
        stop = leap(conn, editions.in_force(conn, tick.plan), tick.on)
    if stop is None:
        return
    if not confirmed:
        raise ConflictError("sweep-leaps", **stop._asdict())
    with ledger.transaction() as tx:
        note = {
            "on": stop.on,
            "swept": stop.swept,
            "late": stop.late,
            "held": stop.held,
        }
        tx.record("leap-confirmed", tick.plan, note=note, at=tick.at, actor=tick.actor)
