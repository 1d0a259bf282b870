"""Cost of adding thirty working days, beside holidays and chinesecalendar."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

import chinese_calendar  # type: ignore[import-untyped]
import holidays

from catalog.dates.workdays import load_workdays
from tests.bench.measure import Figure, Goal, at_most, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

COUNT = 30
FIRST, DAYS = dt.date(2014, 1, 1), 730
EVERY = 20  # the slow ones are asked about each twentieth day only


def figures() -> Iterator[Figure]:
    days = [FIRST + dt.timedelta(n) for n in range(DAYS)]
    some = days[::EVERY]
    china = holidays.country_holidays("CN", years=range(2013, 2018))
    took = side_by_side(
        partial(_each, load_workdays("CN").add, days),
        partial(_each, china.get_nth_working_day, some),
        partial(_each, lambda day, n: chinese_calendar.find_workday(n, day), some),
    )
    ours, theirs, slowest = took[0] / len(days), took[1] / len(some), took[2] / len(some)
    yield _figure(ours, "holidays", theirs, at_most(0.5, of="ours"))
    yield _figure(ours, "chinesecalendar", slowest, None)


def _figure(ours: float, against: str, theirs: float, goal: Goal | None) -> Figure:
    return Figure(
        work=f"a date plus {COUNT} working days",
        unit="µs",
        ours=ours * 1e6,
        against=against,
        theirs=theirs * 1e6,
        goal=goal,
    )


def _each(add: Callable[[dt.date, int], object], days: list[dt.date]) -> None:
    for day in days:
        add(day, COUNT)
