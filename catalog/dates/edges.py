"""Days counted from the first or the last day of a period: `start + 3 months`, `end + 10 days`."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.dates.days import A_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalog.dates.workdays import Workdays

_WRITTEN = re.compile(
    r"(start|end)(?: *([+-]) *([1-9][0-9]{0,3}) +(days?|working days?|weeks?|months?))?"
)


class Edge(NamedTuple):
    """A day counted from an edge of a period, by `number` of `unit`, backwards when negative.

    From the start the first day is the first one counted: `start + 3 months` is the last day of the
    third month, `start + 10 days` the tenth day. From the end the day after it is: `end + 1 day`.
    A month's last day stays one, so that `end + 2 months` after 31 December is the last of
    February.
    """

    edge: Literal["start", "end"]
    number: int = 0
    unit: str = "days"

    def day(self, first: date, last: date, workdays: Workdays) -> date:
        """Return the day for the period from `first` to `last`, both included."""
        if not self.number:
            return first if self.edge == "start" else last
        counted_from = last if self.edge == "end" else first - A_DAY if self.number > 0 else first
        return UNITS[self.unit](counted_from, self.number, workdays)

    def __str__(self) -> str:
        """Return it as a plan's file writes it."""
        if not self.number:
            return self.edge
        many = abs(self.number)
        unit = self.unit if many > 1 else self.unit.removesuffix("s")
        return f"{self.edge} {'+' if self.number > 0 else '-'} {many} {unit}"


START, END = Edge("start"), Edge("end")


def edge(written: str) -> Edge:
    """Return the edge that a plan's file writes; ValueError for any other text."""
    match = _WRITTEN.fullmatch(written.strip())
    if match is None:
        raise ValueError(written)
    if match[2] is None:
        return Edge("start" if match[1] == "start" else "end")
    count = int(match[3]) if match[2] == "+" else -int(match[3])
    return Edge("start" if match[1] == "start" else "end", count, f"{match[4].removesuffix('s')}s")


def later(day: date, *, months: int) -> date:
    """Return the day so many months later; in a shorter month its last day."""
    first = first_day(month_of(day) + months)
    return first.replace(day=min(day.day, _length(first)))


def month_of(day: date) -> int:
    """Return the number of the month of `day`, counted without years."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """Return the first day of the month of that number."""
    return date(month // 12, month % 12 + 1, 1)


def _length(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _months(day: date, count: int, _: Workdays) -> date:
    moved = later(day, months=count)
    return moved.replace(day=_length(moved)) if day.day == _length(day) else moved


# A unit is one entry here and one word of `_WRITTEN`.
UNITS: Mapping[str, Callable[[date, int, Workdays], date]] = {
    "days": lambda day, count, _: day + timedelta(days=count),
    "working days": lambda day, count, workdays: workdays.add(day, count),
    "weeks": lambda day, count, _: day + timedelta(weeks=count),
    "months": _months,
}
