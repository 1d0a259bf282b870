"""The brake: a sweep stops before a day that has not come, and before a leap of the clock.

How many slips it drafts at once is braked where they are drafted (`tasks.sweep.escalate`).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from catalog.errors import ConflictError
from ledger.duties import conditions, duties, standing_in_sql
from ledger.plans import editions
from ledger.proof import chain
from tasks.clock import time_zone
from tasks.in_force import in_force

if TYPE_CHECKING:
    from ledger.plans.editions import Edition
    from ledger.session import Connection, Ledger
    from tasks.act import Act
    from tasks.tick import Tick

LONGEST = dt.timedelta(days=7)  # a machine that was off over the holidays is no leap
SHARE = 0.2
CONFIRMED = "leap-confirmed"  # the entry


class Leap(NamedTuple):
    """A leap of the clock: `late` of the `held` duties that are not overdue would be at once."""

    plan: str
    swept: dt.date
    on: dt.date
    late: int
    held: int


def leap(conn: Connection, edition: Edition, on: dt.date) -> Leap | None:
    """Return the leap a sweep of `edition` for the day `on` would make, None where it makes none.

    More than LONGEST after the last sweep, and more than SHARE of what runs turned overdue, unless
    a person has confirmed it since. The days of a demonstration pass when a person wants.
    """
    swept = edition.swept_through
    if edition.is_demo or swept is None or on - swept <= LONGEST:
        return None
    day = standing_in_sql.at(conn, on)
    of_plan = conditions.of(plan=edition.plan) & conditions.due_from(swept)
    running = duties.count(conn, day.live, of_plan)
    late = duties.count(conn, day.has_status("overdue"), of_plan)
    if late <= SHARE * running or _is_confirmed(conn, edition.plan, swept):
        return None
    return Leap(edition.plan, swept, on, late, running)


def confirm_leap(ledger: Ledger, plan: str, act: Act) -> None:
    """Let the next sweep of `plan` leap, as the clock is right; the history names who says so."""
    with ledger.transaction() as tx:
        stop = leap(tx.conn, editions.in_force(tx.conn, plan), act.on)
        if stop is not None:
            note = stop._asdict()
            del note["plan"]
            tx.record(CONFIRMED, plan, note=note, at=act.at, actor=act.user)


def _is_confirmed(conn: Connection, plan: str, swept: dt.date) -> bool:
    entry = chain.last(conn, plan, CONFIRMED)
    return entry is not None and entry.payload.get("swept") == f"{swept}"


def brake(ledger: Ledger, tick: Tick, *, confirmed: bool = False) -> None:
    """Stop a sweep of a day ahead, and one that leaps, until a person has `confirmed` the day.

    Called where a sweep is started by the clock or by hand; who confirmed stands in the history.
    Raises ConflictError.
    """
    with ledger.read() as conn:
        stop = _stop(conn, tick, is_rehearsal=ledger.is_rehearsal)
    if stop is None:
        return
    if not confirmed:
        raise stop
    note = {name: value for name, value in stop.values.items() if name != "plan"}
    with ledger.transaction() as tx:
        tx.record(CONFIRMED, tick.plan, note=note, at=tick.at, actor=tick.actor)


def _stop(conn: Connection, tick: Tick, *, is_rehearsal: bool) -> ConflictError | None:
    """Return the refusal that a person has to overrule.

    The day before its time is still swept: the clocks of two machines may lie around midnight. A
    rehearsal may look ahead.
    """
    edition = editions.in_force(conn, tick.plan)
    today = tick.at.astimezone(time_zone(in_force(conn, tick.plan).plan.zone)).date()
    if tick.on > today + A_DAY and not (edition.is_demo or is_rehearsal):
        return ConflictError("sweep-ahead", plan=tick.plan, on=tick.on, today=today)
    stop = leap(conn, edition, tick.on)
    return ConflictError("sweep-leaps", **stop._asdict()) if stop else None
