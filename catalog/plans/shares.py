"""Shares of a target: the parts of its parties by year, their sum, and their lines in a cell."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.plans.trajectory import exact, place

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from catalog.plans.contents import Target
    from catalog.plans.trajectory import Place

_FIGURE = r"-?[0-9]+(?:\.[0-9]+)?"
_LINE = re.compile(rf"(.+?)\s+([0-9]{{4}})\s+({_FIGURE})(?:\s+({_FIGURE}))?", re.ASCII)


class Part(NamedTuple):
    """A party's figure in a year, with its weight in an average."""

    value: Decimal
    weight: Decimal = Decimal(1)


def together(target: Target, parts: Collection[Part]) -> Decimal:
    """Return the figure that the parts of all parties make in one year.

    Amounts are added up; rates make their average by weight (docs/rules.md, Targets by locality).
    """
    total = sum((part.value * part.weight for part in parts), Decimal(0))
    if target.roll_up == "sum":
        return sum((part.value for part in parts), Decimal(0))
    return total / sum((part.weight for part in parts), Decimal(0))


def complete_years(target: Target, parts: Mapping[int, Mapping[str, Part]]) -> dict[int, Decimal]:
    """Return the figure of each year in which every party has its part."""
    parties = set(target.parties or ())
    return {
        year: together(target, by_party.values())
        for year, by_party in sorted(parts.items())
        if parties and parties <= by_party.keys()
    }


def parts_of_plan(target: Target) -> dict[int, dict[str, Part]]:
    """Return the shares that the plan itself sets, by year and party."""
    parts: dict[int, dict[str, Part]] = {}
    for share in target.shares:
        part = Part(exact(share.value), exact(share.weight))
        parts.setdefault(share.year, {})[share.party] = part
    return parts


def place_of_shares(
    target: Target, parts: Mapping[int, Mapping[str, Part]], *, starts_on: date
) -> Place | None:
    """Return the place of the target if every party met its shares to the letter.

    None where shares say nothing about it: the lead reports the figure, or no year is complete.
    """
    years = complete_years(target, parts)
    if target.roll_up == "lead" or not years:
        return None
    return place(target, years, starts_on=starts_on)


def share_line(share: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """Return a share of a plan's file as a line; a weight is told where the file has one."""
    party = str(share["party"])
    figures = [share[key] for key in ("year", "value", "weight") if key in share]
    return " ".join(map(str, (names.get(party, party), *figures)))


def read_share(line: str) -> tuple[str, dict[str, int | float]]:
    """Return the name of the party and the figures of a line; ValueError for any other text."""
    match = _LINE.fullmatch(line.strip())
    if match is None:
        raise ValueError(line)
    party, year, value, weight = match.groups()
    figures: dict[str, int | float] = {"year": int(year), "value": _figure(value)}
    return party, figures | ({"weight": _figure(weight)} if weight else {})


def _figure(text: str) -> int | float:
    return float(text) if "." in text else int(text)
