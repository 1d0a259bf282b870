"""Months and quarters by their labels: first and last day, the next one, the name."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from catalog.dates.days import A_DAY
from catalog.dates.recurrence import RECURRENCES
from catalog.errors import UsageRefusedError
from catalog.wording import say, spell


class Span(NamedTuple):
    """A month (`2014-12`) or a quarter (`2014-Q4`), both days included."""

    label: str
    since: date
    until: date

    @property
    def is_quarter(self) -> bool:
        """Tell whether it is a quarter, not a month."""
        return "-Q" in self.label

    @property
    def following(self) -> Span:
        """The month or quarter after this one."""
        return span_of(self.until + A_DAY, quarter=self.is_quarter)

    def name(self, language: str) -> str:
        """Return its name in `language`: 2014年12月, 2014年第4季度."""
        year, month = self.since.year, self.since.month
        if self.is_quarter:
            return say(language, "date.quarter", year=year, n=(month + 2) // 3)
        return spell(language, self.since, "month")


def span_of(day: date, *, quarter: bool = False) -> Span:
    """Return the month, or the quarter, in which `day` lies."""
    recurrence = RECURRENCES["quarterly" if quarter else "monthly"]
    whole = recurrence.periods(date(day.year, 1, 1), date(day.year, 12, 31))
    period = next(period for period in whole if period.covers_until >= day)
    return Span(period.label, period.covers_from, period.covers_until)


def span(label: str) -> Span:
    """Return the month or quarter of that label; UsageRefusedError for any other text."""
    year, _, rest = label.partition("-")
    quarter = rest.startswith("Q")
    try:
        month = int(rest[1:]) * 3 if quarter else int(rest)
        whole = span_of(date(int(year), month, 1), quarter=quarter)
    except ValueError:
        raise UsageRefusedError("span-unreadable", typed=label) from None
    if whole.label != label:
        raise UsageRefusedError("span-unreadable", typed=label)
    return whole
