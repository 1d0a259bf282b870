"""Pace of a quota: the items expected by a day, and the shortfall."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from catalog.dates.recurrence import RECURRENCES

if TYPE_CHECKING:
    from datetime import date

    from catalog.dates.recurrence import Period

PACE_PERCENT = 80  # under it a quota is behind (docs/rules.md, The ladder)


def paced(
    opens_on: date,
    due_on: date,
    covers_from: date | None,
    covers_until: date | None,
    extensions: int = 0,
) -> tuple[date, date]:
    """Return the first and the last day over which a quota is counted.

    They are those of the period it covers, or of a duty without one those on which it opens and is
    due. A duty due within its period counts to that day, and an extended one to its new due date.
    """
    until = due_on if covers_until is None or extensions else min(covers_until, due_on)
    return min(covers_from or opens_on, until), until


def item_days(
    opens_on: date,
    due_on: date,
    covers_from: date | None,
    covers_until: date | None,
    extensions: int = 0,
) -> tuple[date, date]:
    """Return the first and the last day on which an item of the quota may have been held.

    They are those of the period (docs/rules.md, Period, opening and due day). An extended duty
    takes items until its new due date.
    """
    until = covers_until or due_on
    return covers_from or opens_on, max(until, due_on) if extensions else until


def expected(minimum: int, first: date, last: date, *, today: date) -> int:
    """Return the whole items of `minimum` that should be done at the end of `today`.

    The pace is even over the days from `first` to `last`, both counted.
    """
    days = (last - first).days + 1
    passed = (today - first).days + 1
    return minimum * min(max(passed, 0), days) // days


def behind(minimum: int, delivered: int, first: date, last: date, *, today: date) -> bool:
    """Tell whether fewer are delivered than 80 % of what `expected` gives."""
    pace = expected(minimum, first, last, today=today)
    return delivered * 100 < pace * PACE_PERCENT


def shortfall(minimum: int, delivered: int) -> int:
    """Return how many are missing to `minimum`; never negative."""
    return max(minimum - delivered, 0)


@lru_cache(maxsize=4096)
def looks(opens_on: date, due_on: date) -> tuple[Period, ...]:
    """Return the quarters at whose end the pace is checked: those that end before `due_on`."""
    quarters = RECURRENCES["quarterly"].periods(opens_on, due_on)
    return tuple(quarter for quarter in quarters if quarter.covers_until < due_on)


def last_look(opens_on: date, due_on: date, today: date) -> date | None:
    """Return the last day up to `today` on which the pace was checked, None for none yet."""
    days = (quarter.covers_until for quarter in looks(opens_on, due_on))
    return max((day for day in days if day <= today), default=None)
