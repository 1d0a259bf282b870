"""How far a target is on its way: what its readings make, what they should, and the verdict."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.errors import UsageRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from catalog.plans.contents import Target

Verdict = Literal["no-reading", "behind", "on-course", "reached"]
FIGURE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)


class Place(NamedTuple):
    """Where a target stands at the end of `year`, the last one reported.

    `actual` and `expected` are what the target measures: the level, the sum so far, or the mean
    yearly growth in percent; both to two decimals, the verdict from the exact figures.
    `unreported` are the years up to `year` of which a figure is wanting that the target counts.
    """

    verdict: Verdict
    year: int | None = None
    actual: Decimal | None = None
    expected: Decimal | None = None
    unreported: tuple[int, ...] = ()


def figure(text: str) -> Decimal:
    """Return the figure a person wrote as a plain decimal; UsageRefusedError for any other text."""
    if not FIGURE.fullmatch(text.strip()):
        raise UsageRefusedError("figure-unreadable", typed=text)
    return Decimal(text.strip())


def place(target: Target, readings: Mapping[int, Decimal], *, starts_on: date) -> Place:
    """Judge `target` by its readings, the last of each year; the plan's term begins `starts_on`.

    A reading is the year's own figure: the level at its end, the sum the year added, the year's
    growth in percent; for a growth with a baseline it is the level, as the baseline is. What is
    read for a year after the target's counts nothing. A target is behind when it is short of the
    figure expected at the end of the year, and also when its last year is over and it is missed.
    """
    counted = {year: readings[year] for year in sorted(readings) if year <= target.by.year}
    if not counted:
        return Place("no-reading")
    return _MEASURES[target.measured](target, counted, starts_on)


def _level(target: Target, readings: dict[int, Decimal], _: date) -> Place:
    """Lay a straight line from the baseline, or the first reading, to the figure on its day."""
    first, year = min(readings), max(readings)
    base, on = _base(target) or (readings[first], date(first, 12, 31))
    goal, day = _exact(target.value), min(date(year, 12, 31), target.by)
    expected = goal
    if on < target.by:
        expected = base + (goal - base) * (day - on).days / (target.by - on).days
    actual = readings[year]
    if target.bound == "reach" and target.baseline and base > goal:  # a fall is asked for
        met, short = actual <= goal, actual > expected
    else:
        met, short = _meets(target, actual, goal), actual < expected
    return _place(target, year, actual, expected, met=met, short=short)


def _cumulative(target: Target, readings: dict[int, Decimal], starts_on: date) -> Place:
    """Add the years up: by the end of each, its equal share of the whole."""
    first, year = _first(target, starts_on), max(readings)
    base, _ = _base(target) or (Decimal(0), starts_on)
    goal = _exact(target.value)
    actual = base + sum(value for y, value in readings.items() if y >= first)
    expected = base + (goal - base) * (year - first + 1) / (target.by.year - first + 1)
    met = _meets(target, actual, goal)
    place = _place(target, year, actual, expected, met=met, short=actual < expected)
    return place._replace(unreported=_wanting(readings, first, year))


def _growth(target: Target, readings: dict[int, Decimal], starts_on: date) -> Place:
    """Compound the years: from the baseline to the last level, or each year's own percentage.

    Reached only when the last year is read, and none before it is wanting.
    """
    first, year = _first(target, starts_on), max(readings)
    based = _base(target)
    wanting = () if based else _wanting(readings, first, year)
    if based:
        made, years = readings[year] / based[0], max(year - based[1].year, 1)
    else:
        made, years = _compound(readings.values()), len(readings)
    rate = _exact(target.value)
    asked = _compound([rate] * years)
    done = year == target.by.year and not wanting
    met = done and _meets(target, made, asked)
    place = _place(target, year, _mean(made, years), rate, met=met, short=made < asked)
    return place._replace(unreported=wanting)


_MEASURES = {"level": _level, "cumulative": _cumulative, "average-growth": _growth}


def _place(
    target: Target, year: int, actual: Decimal, expected: Decimal, *, met: bool, short: bool
) -> Place:
    missed = year == target.by.year
    verdict: Verdict = "reached" if met else "behind" if short or missed else "on-course"
    return Place(verdict, year, _shown(actual), _shown(expected))


def _meets(target: Target, actual: Decimal, goal: Decimal) -> bool:
    return actual > goal if target.bound == "more-than" else actual >= goal


def _base(target: Target) -> tuple[Decimal, date] | None:
    return (_exact(target.baseline.value), target.baseline.on) if target.baseline else None


def _first(target: Target, starts_on: date) -> int:
    """Return the first year that counts: after the baseline's, or the first of the term."""
    return min(target.baseline.on.year + 1 if target.baseline else starts_on.year, target.by.year)


def _wanting(readings: dict[int, Decimal], first: int, year: int) -> tuple[int, ...]:
    return tuple(y for y in range(first, year) if y not in readings)


def _compound(rates: Iterable[Decimal]) -> Decimal:
    return prod((1 + rate / 100 for rate in rates), start=Decimal(1))


def _mean(made: Decimal, years: int) -> Decimal:
    """Return the mean yearly growth in percent that makes `made` in so many years."""
    return (max(made, Decimal(0)) ** (1 / Decimal(years)) - 1) * 100


def _exact(value: float) -> Decimal:
    return Decimal(str(value))


def _shown(value: Decimal) -> Decimal:
    return round(value, 2)
