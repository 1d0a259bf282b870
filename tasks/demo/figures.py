"""Invented figures for the targets of the demonstration."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.plans.contents import Target
    from catalog.plans.model import Plan


def invented(plan: Plan, target: Target, year: int, party: str | None = None) -> str:
    """Return a figure for that year, within 3 % of the expected one; of a party, its equal part.

    It depends on target, year and party alone, and says nothing about the real indicator.
    """
    first, last = plan.starts_on.year, target.by.year
    goal, years = Decimal(str(target.value)), last - first + 1
    share = Decimal(min(max(year - first + 1, 1), years)) / years
    match target.measured:
        case "cumulative":
            usual = goal / years
        case "average-growth":
            usual = goal
        case _:
            base = Decimal(str(target.baseline.value)) if target.baseline else goal * 8 / 10
            usual = base + (goal - base) * share
    if party in (target.parties or ()) and target.roll_up == "sum":
        usual /= len(target.parties or ())
    seed = f"{target.indicator}|{year}" + (f"|{party}" if party else "")
    spread = int(hashlib.sha256(seed.encode()).hexdigest()[:8], 16) % 7 - 3
    return f"{usual * (100 + spread) / 100:.2f}"
