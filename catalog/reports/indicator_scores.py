"""Scores of localities by the indicators of a plan (docs/rules.md, Evaluation of localities)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.plans.contents import Indicator

HUNDREDTH = Decimal("0.01")


class Points(NamedTuple):
    """The figure of a locality, None without data, and its points; `of` is the weight."""

    indicator: str
    value: Decimal | None
    points: Decimal
    of: Decimal


def scores(
    indicators: Sequence[Indicator],
    values: Mapping[str, Mapping[str, Decimal]],
    localities: Sequence[str],
) -> dict[str, list[Points]]:
    """Return the points of each locality by indicator; `values` are by indicator and locality.

    The best figure has the full weight, the worst none, the others their part of the way between
    them; where all are equal, all have the full weight. Without data there are no points.
    """
    every: dict[str, list[Points]] = {agency: [] for agency in localities}
    for indicator in indicators:
        figures = {a: v for a, v in values.get(indicator.id, {}).items() if a in every}
        weight = Decimal(str(indicator.weight))
        for agency, lines in every.items():
            value = figures.get(agency)
            part = Decimal(0) if value is None else _part(indicator, value, figures)
            lines.append(Points(indicator.id, value, rounded(weight * part), weight))
    return every


def overall(
    indicators: Decimal | None, punctuality: Decimal | None, percent: int
) -> Decimal | None:
    """Return the score out of 100: `percent` of it for punctuality, the rest by the indicators.

    Where one of them is None, the other is all of it; None without both.
    """
    if indicators is None or punctuality is None:
        alone = punctuality if indicators is None else indicators
        return None if alone is None else rounded(alone)
    return rounded((indicators * (100 - percent) + punctuality * percent) / 100)


def rounded(value: Decimal) -> Decimal:
    """Return a score as it is shown and ranked: two decimals, halves up."""
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)


def _part(indicator: Indicator, value: Decimal, figures: Mapping[str, Decimal]) -> Decimal:
    """Return the part of the way from the worst to the best figure, from 0 to 1."""
    low, high = min(figures.values()), max(figures.values())
    if low == high:
        return Decimal(1)
    way = (value - low) / (high - low)
    return 1 - way if indicator.better == "lower" else way
