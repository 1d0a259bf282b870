"""Trajectory of a target: its readings against the expected figures, and the verdict."""

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
    """The place of a target at the end of `year`, the last one reported.

    `actual` and `expected` are levels, sums so far, or mean yearly growths in percent, as the
    target measures; both to two decimals, the verdict from the exact figures. `unreported` are
    the years up to `year` that the target counts and that have no figure.
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
    growth in percent; for a growth with a baseline it is the level, as the baseline is. A reading
    for a year after the target's does not count. A target is behind when it is short of the figure
    expected at the end of the year, or when its last year is over and it is missed.
    """
    figures = {year: readings[year] for year in sorted(readings) if year <= target.by.year}
    if not figures:
        return Place("no-reading")
    return _MEASURES[target.measured](target, figures, starts_on)


def _level(target: Target, readings: dict[int, Decimal], _: date) -> Place:
    """Lay a straight line from the baseline, or the first reading, to the figure on its day."""
    first, year = min(readings), max(readings)
    base, on = _base(target) or (readings[first], date(first, 12, 31))
    goal, day = _exact(target.value), min(date(year, 12, 31), target.by)
    expected = goal
    if on < target.by:
        expected = base + (goal - base) * (day - on).days / (target.by - on).days
    actual = readings[year]
    if target.bound == "reach" and target.baseline and base > goal:  # the target is a fall
        is_reached, short = actual <= goal, actual > expected
    else:
        is_reached, short = _meets(target, actual, goal), actual < expected
    return _place(target, year, actual, expected, is_reached=is_reached, short=short)


def _cumulative(target: Target, readings: dict[int, Decimal], starts_on: date) -> Place:
    """Add the years up: by the end of each, its equal share of the whole."""
    first, year = _first(target, starts_on), max(readings)
    base, _ = _base(target) or (Decimal(0), starts_on)
    goal = _exact(target.value)
    actual = base + sum(value for y, value in readings.items() if y >= first)
    expected = base + (goal - base) * (year - first + 1) / (target.by.year - first + 1)
    is_reached = _meets(target, actual, goal)
    place = _place(target, year, actual, expected, is_reached=is_reached, short=actual < expected)
    return place._replace(unreported=_unreported(readings, first, year))


def _growth(target: Target, readings: dict[int, Decimal], starts_on: date) -> Place:
    """Compound the years: from the baseline to the last level, or each year's own percentage.

    Reached only when the last year has a figure, and every year before it.
    """
    first, year = _first(target, starts_on), max(readings)
    base = _base(target)
    unreported = () if base else _unreported(readings, first, year)
    if base:
        factor, years = readings[year] / base[0], max(year - base[1].year, 1)
    else:
        factor, years = _compound(readings.values()), len(readings)
    rate = _exact(target.value)
    goal = _compound([rate] * years)
    complete = year == target.by.year and not unreported
    is_reached = complete and _meets(target, factor, goal)
    place = _place(
        target, year, _mean(factor, years), rate, is_reached=is_reached, short=factor < goal
    )
    return place._replace(unreported=unreported)


_MEASURES = {"level": _level, "cumulative": _cumulative, "average-growth": _growth}


def _place(
    target: Target, year: int, actual: Decimal, expected: Decimal, *, is_reached: bool, short: bool
) -> Place:
    missed = year == target.by.year
    verdict: Verdict = "reached" if is_reached else "behind" if short or missed else "on-course"
    return Place(verdict, year, _rounded(actual), _rounded(expected))


def _meets(target: Target, actual: Decimal, goal: Decimal) -> bool:
    return actual > goal if target.bound == "more-than" else actual >= goal


def _base(target: Target) -> tuple[Decimal, date] | None:
    return (_exact(target.baseline.value), target.baseline.on) if target.baseline else None


def _first(target: Target, starts_on: date) -> int:
    """Return the first year that counts: after the baseline's, or the first of the term."""
    return min(target.baseline.on.year + 1 if target.baseline else starts_on.year, target.by.year)


def _unreported(readings: dict[int, Decimal], first: int, year: int) -> tuple[int, ...]:
    return tuple(y for y in range(first, year) if y not in readings)


def _compound(rates: Iterable[Decimal]) -> Decimal:
    return prod((1 + rate / 100 for rate in rates), start=Decimal(1))


def _mean(factor: Decimal, years: int) -> Decimal:
    """Return the mean yearly growth in percent that multiplies by `factor` in so many years."""
    return (max(factor, Decimal(0)) ** (1 / Decimal(years)) - 1) * 100


def _exact(value: float) -> Decimal:
    return Decimal(str(value))


def _rounded(value: Decimal) -> Decimal:
    return round(value, 2)
