"""Invented figures of the demonstration: of targets, their shares, and indicators."""

from __future__ import annotations

import hashlib
import math
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from catalog.plans.contents import Target
    from catalog.plans.model import Plan


def invented(plan: Plan, target: Target, year: int, party: str | None = None) -> str:
    """Return a figure for that year, within 3 % of the expected one; of a party, its equal part.

    It depends on target, year and party alone, and says nothing about the real indicator.
    """
    seed = f"{target.indicator}|{year}" + (f"|{party}" if party else "")
    return f"{_usual(plan, target, year, party) * (100 + _lot(seed) % 7 - 3) / 100:.2f}"


def share(plan: Plan, target: Target, year: int, party: str) -> str:
    """Return the share of a party for that year, a whole number; all of them meet the course."""
    return str(math.ceil(_usual(plan, target, year, party)) + 1)


def indicator(name: str, unit: str, party: str, year: int) -> str:
    """Return a locality's figure of an indicator for that year: a share in percent, or a count."""
    lot = _lot(f"{name}|{party}|{year}")
    return f"{20 + lot % 600 / 10:.1f}" if unit == "%" else str(1 + lot % 30)


def _usual(plan: Plan, target: Target, year: int, party: str | None) -> Decimal:
    """Return the figure by which the target would just keep its course."""
    first, last = plan.starts_on.year, target.by.year
    goal, years = Decimal(str(target.value)), last - first + 1
    part = Decimal(min(max(year - first + 1, 1), years)) / years
    match target.measured:
        case "cumulative":
            usual = goal / years
        case "average-growth":
            usual = goal
        case _:
            base = Decimal(str(target.baseline.value)) if target.baseline else goal * 8 / 10
            usual = base + (goal - base) * part
    divided = party in (target.parties or ()) and target.roll_up == "sum"
    return usual / len(target.parties or ()) if divided else usual


def _lot(seed: str) -> int:
    return int(hashlib.sha256(seed.encode()).hexdigest()[:8], 16)
