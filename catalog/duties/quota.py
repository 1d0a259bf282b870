"""Pace of a quota: the items expected by a day, and the shortfall."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from catalog.dates.recurrence import RECURRENCES

if TYPE_CHECKING:
    from datetime import date

    from catalog.dates.recurrence import Period

PACE_PERCENT = 80  # under it a quota is behind (docs/rules.md, The ladder)


def expected(minimum: int, opens_on: date, due_on: date, *, today: date) -> int:
    """Return the whole items of `minimum` that should be done at the end of `today`.

    The pace is even over the days from `opens_on` to `due_on`, both counted.
    """
    days = (due_on - opens_on).days + 1
    passed = (today - opens_on).days + 1
    return minimum * min(max(passed, 0), days) // days


def behind(minimum: int, delivered: int, opens_on: date, due_on: date, *, today: date) -> bool:
    """Tell whether fewer are delivered than 80 % of what `expected` gives."""
    pace = expected(minimum, opens_on, due_on, today=today)
    return delivered * 100 < pace * PACE_PERCENT


def shortfall(minimum: int, delivered: int) -> int:
    """Return how many are missing to `minimum`; never negative."""
    return max(minimum - delivered, 0)


@lru_cache(maxsize=4096)
def looks(opens_on: date, due_on: date) -> tuple[Period, ...]:
    """Return the quarters at whose end the pace is checked: those that end before `due_on`."""
    quarters = RECURRENCES["quarterly"].periods(opens_on, due_on)
    return tuple(quarter for quarter in quarters if quarter.due_on < due_on)
