"""Settled days of a long duty: the quarter's or half-year's ends on which progress is asked for."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.dates.days import A_DAY
from catalog.dates.edges import later
from catalog.dates.recurrence import RECURRENCES

if TYPE_CHECKING:
    from datetime import date

    from catalog.dates.workdays import Workdays

Each = Literal["quarterly", "half-yearly"]

LONG = 6  # months from opening to due date, past which a duty is asked between them
NEW = 1  # month after the opening in which nobody is asked yet


class SettledDay(NamedTuple):
    """A working day on which progress is asked for, unless there was a word after `since`."""

    day: date
    since: date
    label: str


def is_long(opens_on: date, due_on: date) -> bool:
    """Tell whether a duty is open longer than six months (docs/rules.md, The ladder).

    It is when it is due after the same day of the sixth month on: 2014-01-01 to 2014-07-02 is long,
    to 2014-07-01 is not.
    """
    return due_on > later(opens_on, months=LONG)


@lru_cache(maxsize=4096)
def settled_days(
    each: Each, workdays: Workdays, opens_on: date, due_on: date
) -> tuple[SettledDay, ...]:
    """Return the settled days of a duty, none if it is not long.

    The last day of each period before the due date rolls back to a working day, as the days of
    `pace` do. One in the first month of the duty is left out.
    """
    if not is_long(opens_on, due_on):
        return ()
    settled: list[SettledDay] = []
    begins_on, since = later(opens_on, months=NEW), opens_on - A_DAY
    for period in RECURRENCES[each].periods(opens_on, due_on):
        day = workdays.roll_back(period.due_on)
        if begins_on <= day and period.due_on < due_on:
            settled.append(SettledDay(day, since, period.label))
            since = day
    return tuple(settled)
