"""Working days of a year: its holiday notice recorded, and what that changes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from catalog.dates.workdays import load_workdays
from ledger import holiday_notices
from ledger.duties import conditions, duties
from ledger.plans import editions
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.sweep.recalendar import recalendar
from tasks.tick import Tick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.dates.workdays import Notice
    from ledger.duties.duties import Duty
    from ledger.session import Ledger
    from tasks.act import Act


class Effect(NamedTuple):
    """What a notice changes: days off that were worked, days worked that were off, and duties.

    `moved` are the unfinished duties whose due date moves, as they will be; `was` the dates before.
    `is_new` is false for a notice that is recorded already.
    """

    now_off: list[dt.date]
    now_worked: list[dt.date]
    moved: list[Duty]
    was: dict[str, dt.date]
    is_new: bool


def record(ledger: Ledger, code: str, notice: Notice, act: Act) -> bool:
    """Record the notice of a year for the calendar of that code; return whether it is new.

    It takes the place of one recorded before, and of the one shipped. The next sweep calculates
    the duties under way anew (docs/rules.md, Days). NotFoundError for an unknown calendar.
    """
    load_workdays(code)
    with ledger.transaction(alone=True) as tx:
        before = {each.year: each for each in holiday_notices.recorded(tx.conn, code)}
        if before.get(notice.year) == notice:
            return False
        op = "update" if notice.year in before else "insert"
        key, values = (code, notice.year), holiday_notices.values(notice)
        row = Change("holiday_notices", key, values, op)  # type: ignore[arg-type]  # one of two words
        note = {"on": act.on, "year": notice.year, "document": "; ".join(notice.papers)}
        subject = f"workdays/{code}/{notice.year}"
        tx.record("workdays-recorded", subject, changes=[row], note=note, at=act.at, actor=act.user)
    return True


def effect(ledger: Ledger, code: str, notice: Notice, act: Act) -> Effect:
    """Return what recording the notice and the next sweep would change; nothing is recorded."""
    with ledger.rehearsal() as rehearsal:
        with rehearsal.read() as conn:
            before = holiday_notices.calendar(conn, code)
            plans = [e.plan for e in editions.all_in_force(conn)]
            plans = [plan for plan in plans if in_force(conn, plan).plan.workdays == code]
            was = {d.key: d.due_on for d in duties.chosen(conn, conditions.UNFINISHED)}
        is_new = record(rehearsal, code, notice, act)
        for plan in plans:
            recalendar(rehearsal, Tick(plan, act.on, act.at))
        with rehearsal.read() as conn:
            after = holiday_notices.calendar(conn, code)
            moved = [
                duty
                for duty in duties.chosen(conn, conditions.UNFINISHED)
                if was.get(duty.key, duty.due_on) != duty.due_on
            ]
    days = list(_days(notice))
    now_off = [d for d in days if before.is_workday(d) and not after.is_workday(d)]
    now_worked = [d for d in days if after.is_workday(d) and not before.is_workday(d)]
    return Effect(now_off, now_worked, moved, {duty.key: was[duty.key] for duty in moved}, is_new)


def _days(notice: Notice) -> Iterator[dt.date]:
    """Yield each day of the year, and of the month on each side."""
    day = dt.date(notice.year - 1, 12, 1)
    while day < dt.date(notice.year + 1, 2, 1):
        yield day
        day += A_DAY
