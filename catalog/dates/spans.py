"""Months, quarters and years by their labels: first and last day, the next one, the name."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from catalog.dates.days import A_DAY
from catalog.dates.recurrence import RECURRENCES
from catalog.errors import UsageRefusedError
from catalog.wording import say, spell


class Span(NamedTuple):
    """A month (`2014-12`), a quarter (`2014-Q4`) or a year (`2014`), both days included."""

    label: str
    since: date
    until: date

    @property
    def is_quarter(self) -> bool:
        """Tell whether it is a quarter, not a month."""
        return "-Q" in self.label

    @property
    def is_year(self) -> bool:
        """Tell whether it is a year: a circular of it tells the evaluation of the localities."""
        return "-" not in self.label

    @property
    def following(self) -> Span:
        """The month, quarter or year after this one."""
        if self.is_year:
            return span(f"{self.since.year + 1:04}")
        return span_of(self.until + A_DAY, quarter=self.is_quarter)

    def name(self, language: str) -> str:
        """Return its name in `language`: 2014年12月, 2014年第4季度."""
        year, month = self.since.year, self.since.month
        if self.is_year:
            return say(language, "date.year", year=year)
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
    """Return the month, quarter or year of a label; UsageRefusedError for any other text."""
    if re.fullmatch("[0-9]{4}", label, re.ASCII) and int(label):
        return Span(label, date(int(label), 1, 1), date(int(label), 12, 31))
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
