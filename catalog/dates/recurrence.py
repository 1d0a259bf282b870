"""Recurrences, and their periods between two days: labels, openings and due dates."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, Protocol

from catalog.dates.days import A_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Period(NamedTuple):
    """One turn of a recurrence, both days included; the label reads `2014-Q1` or the like."""

    label: str
    opens_on: date
    due_on: date


class Recurrence(Protocol):
    """The turn in which an obligation comes round."""

    def periods(self, since: date, until: date, *, anchor: date | None = None) -> Iterator[Period]:
        """Yield the periods between two days, in order.

        A period opens on its first day, never before `since`, and is due on its last, never after
        `until`; one that would be due before it opens is left out. With an `anchor`, the first due
        date, the n-th after it is due n periods later, counted from the anchor and never from the
        one before: the 31st of a short month is its last day, and 29 February comes back in the
        next leap year (docs/rules.md, Days).
        """


class Once:
    """One period from the first day to the last, whatever the anchor."""

    def periods(
        self,
        since: date,
        until: date,
        *,
        anchor: date | None = None,  # noqa: ARG002  part of the protocol
    ) -> Iterator[Period]:
        """Yield the one period, or none when the days are the wrong way round."""
        if since <= until:
            yield Period("once", since, until)


class _Calendar:
    """Periods of whole months, numbered from January."""

    months: ClassVar[int]
    label: ClassVar[str]

    def periods(self, since: date, until: date, *, anchor: date | None = None) -> Iterator[Period]:
        """Yield the periods between two days, as `Recurrence` promises."""
        size = self.months
        zero = anchor or since
        for turn in range(_month(max(since, zero)) // size, _month(until) // size + 1):
            first = _first_day(turn * size)
            due_on = _first_day((turn + 1) * size) - A_DAY
            if anchor:
                due_on = _later(anchor, months=(turn - _month(anchor) // size) * size)
            if max(first, since) <= min(due_on, until):
                number = turn % max(12 // size, 1) + 1
                label = self.label.format(year=first.year, number=number)
                yield Period(label, max(first, since), min(due_on, until))


class Yearly(_Calendar):
    """Each calendar year: `2014`."""

    months = 12
    label = "{year}"


class HalfYearly(_Calendar):
    """January to June and July to December: `2014-H1`."""

    months = 6
    label = "{year}-H{number}"


class Quarterly(_Calendar):
    """Each calendar quarter: `2014-Q1`."""

    months = 3
    label = "{year}-Q{number}"


class Monthly(_Calendar):
    """Each calendar month: `2014-01`."""

    months = 1
    label = "{year}-{number:02}"


Recurs = Literal["once", "yearly", "half-yearly", "quarterly", "monthly"]
RECURRENCES: Mapping[str, Recurrence] = {
    "once": Once(),
    "yearly": Yearly(),
    "half-yearly": HalfYearly(),
    "quarterly": Quarterly(),
    "monthly": Monthly(),
}


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first_day(month: int) -> date:
    return date(month // 12, month % 12 + 1, 1)


def _later(day: date, *, months: int) -> date:
    first = _first_day(_month(day) + months)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))
