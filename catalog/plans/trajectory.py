"""Trajectory of a target: its readings against the expected figures, and the verdict."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from math import prod
from typing import TYPE_CHECKING, Literal, NamedTuple

from catalog.errors import UsageRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from catalog.plans.contents import Target

Verdict = Literal["no-reading", "behind", "on-course", "reached"]
_WIDE = Context(prec=400)  # any figure a plan can hold
FIGURE = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)


class Place(NamedTuple):
    """The place of a target at the end of `year`, the last one reported.

    `actual` and `expected` are levels, sums so far, or mean yearly growths in percent, as the
    target measures; both rounded as they are compared. `unreported` are the years up to `year`
    that the target counts and that have no figure.
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
    expected at the end of the year, or when its last year is over and it is missed. Figures are
    compared as they are shown, both rounded by `rounded` (docs/rules.md, Targets by locality).
    """
    figures = {year: readings[year] for year in sorted(readings) if year <= target.by.year}
    if not figures:
        return Place("no-reading")
    return _MEASURES[target.measured](target, figures, starts_on)


def _level(target: Target, readings: dict[int, Decimal], _: date) -> Place:
    """Lay a straight line from the baseline, or the first reading, to the figure on its day."""
    first, year = min(readings), max(readings)
    base, on = _base(target) or (readings[first], date(first, 12, 31))
    goal, day = exact(target.value), min(date(year, 12, 31), target.by)
    expected = goal
    if on < target.by:
        expected = base + (goal - base) * (day - on).days / (target.by - on).days
    return _judge(target, year, readings[year], expected)


def _cumulative(target: Target, readings: dict[int, Decimal], starts_on: date) -> Place:
    """Add the years up: by the end of each, its equal share of the whole."""
    first, year = first_year(target, starts_on), max(readings)
    base, _ = _base(target) or (Decimal(0), starts_on)
    goal = exact(target.value)
    actual = base + sum(value for y, value in readings.items() if y >= first)
    expected = base + (goal - base) * (year - first + 1) / (target.by.year - first + 1)
    judged = _judge(target, year, actual, expected)
    return judged._replace(unreported=_unreported(readings, first, year))


def _growth(target: Target, readings: dict[int, Decimal], starts_on: date) -> Place:
    """Compound the years: from the baseline to the last level, or each year's own percentage.

    Reached only when the last year has a figure, and every year before it.
    """
    first, year = first_year(target, starts_on), max(readings)
    base = _base(target)
    unreported = () if base else _unreported(readings, first, year)
    if base:
        factor, years = readings[year] / base[0], max(year - base[1].year, 1)
    else:
        factor, years = _compound(readings.values()), len(readings)
    complete = year == target.by.year and not unreported
    judged = _judge(target, year, _mean(factor, years), exact(target.value), reachable=complete)
    return judged._replace(unreported=unreported)


_MEASURES = {"level": _level, "cumulative": _cumulative, "average-growth": _growth}


def _judge(
    target: Target, year: int, actual: Decimal, expected: Decimal, *, reachable: bool = True
) -> Place:
    """Compare the figure with the expected one and with the goal, all rounded alike."""
    actual, expected = rounded(target, actual), rounded(target, expected)
    short = not reaches(target, actual, expected, bound="reach")
    missed = year == target.by.year
    verdict: Verdict = "behind" if short or missed else "on-course"
    if reachable and reaches(target, actual, exact(target.value)):
        verdict = "reached"
    return Place(verdict, year, actual, expected)


def reaches(target: Target, actual: Decimal, goal: Decimal, *, bound: str = "") -> bool:
    """Tell whether a figure reaches `goal`, both rounded: the only place that compares figures.

    A target that is to fall is reached from above. `bound` defaults to the target's own.
    """
    actual, goal = rounded(target, actual), rounded(target, goal)
    if falls(target):
        return actual <= goal
    return actual > goal if (bound or target.bound) == "more-than" else actual >= goal


def falls(target: Target) -> bool:
    """Tell whether the target is to fall below its baseline."""
    base = _base(target)
    is_level = target.measured == "level" and target.bound == "reach"
    return is_level and base is not None and base[0] > exact(target.value)


def rounded(target: Target, value: Decimal) -> Decimal:
    """Return a figure as it is shown and compared: two decimals, or more where the plan has more.

    Halves are rounded up, as people round.
    """
    figures = [exact(target.value), *([exact(target.baseline.value)] if target.baseline else [])]
    digits = min(max(2, *(-int(f.as_tuple().exponent) for f in figures)), 6)
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP, _WIDE)


def _base(target: Target) -> tuple[Decimal, date] | None:
    return (exact(target.baseline.value), target.baseline.on) if target.baseline else None


def first_year(target: Target, starts_on: date) -> int:
    """Return the first year that counts: after the baseline's, or the first of the term."""
    return min(target.baseline.on.year + 1 if target.baseline else starts_on.year, target.by.year)


def _unreported(readings: dict[int, Decimal], first: int, year: int) -> tuple[int, ...]:
    return tuple(y for y in range(first, year) if y not in readings)


def _compound(rates: Iterable[Decimal]) -> Decimal:
    return prod((1 + rate / 100 for rate in rates), start=Decimal(1))


def _mean(factor: Decimal, years: int) -> Decimal:
    """Return the mean yearly growth in percent that multiplies by `factor` in so many years."""
    return (max(factor, Decimal(0)) ** (1 / Decimal(years)) - 1) * 100


def exact(value: float) -> Decimal:
    """Return a figure of the plan as the plan writes it."""
    return Decimal(str(value))
