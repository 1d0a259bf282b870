"""Recurrences, and their periods between two days: labels, openings and due dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal, NamedTuple, Protocol

from catalog.dates.days import A_DAY
from catalog.dates.edges import first_day, later, month_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date


class Period(NamedTuple):
    """One turn of a recurrence; the label of the time it covers reads `2014-Q1` or the like.

    It covers the days from `covers_from` to `covers_until`, both included, of a whole that begins
    on `begins_on`. Apart from that, its duty opens and is due on days of their own.
    """

    label: str
    covers_from: date
    covers_until: date
    opens_on: date
    due_on: date
    begins_on: date


class Recurrence(Protocol):
    """The turn in which an obligation comes round."""

    def periods(self, since: date, until: date, *, anchor: date | None = None) -> Iterator[Period]:
        """Yield the periods between two days, in order.

        A period covers no day before `since` or after `until`. It opens on the first day it covers
        and is due on the last; one that would be due before it opens is left out. With an `anchor`,
        the first due date, the n-th after it is due n periods later, counted from the anchor and
        never from the one before: the 31st of a short month is its last day, and 29 February comes
        back in the next leap year (docs/rules.md, Days).
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
            yield Period("once", since, until, since, until, since)


class _Calendar:
    """Periods of whole months, numbered from January."""

    months: ClassVar[int]
    label: ClassVar[str]

    def periods(self, since: date, until: date, *, anchor: date | None = None) -> Iterator[Period]:
        """Yield the periods between two days, as `Recurrence` promises."""
        size = self.months
        zero = anchor or since
        for turn in range(month_of(max(since, zero)) // size, month_of(until) // size + 1):
            begins_on, last = first_day(turn * size), first_day((turn + 1) * size) - A_DAY
            first, last = max(begins_on, since), min(last, until)
            due_on = last
            if anchor:
                months = (turn - month_of(anchor) // size) * size
                due_on = min(later(anchor, months=months), until)
            if first <= due_on:
                number = turn % max(12 // size, 1) + 1
                label = self.label.format(year=begins_on.year, number=number)
                yield Period(label, first, last, first, due_on, begins_on)


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
