"""Shares of targets in force: those of the plan, and those decided since."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from catalog.plans.shares import Part, parts_of_plan
from ledger.reports import localities

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.plans.contents import Target
    from catalog.plans.model import Plan
    from ledger.duties.duties import Duty
    from ledger.session import Connection

Parts = dict[int, dict[str, Part]]


def shares(conn: Connection, plan: Plan) -> dict[str, Parts]:
    """Return the shares in force by target, year and party; a decided one replaces the plan's."""
    every = {full: parts_of_plan(target) for full, target in plan.targets.items()}
    for share in localities.shares(conn, plan.plan):
        if share.target in every:
            part = Part(Decimal(share.value), Decimal(share.weight))
            every[share.target].setdefault(share.year, {})[share.party] = part
    return every


def handed_out(plan: Plan, obligation: str, year: int) -> dict[str, Target]:
    """Return the targets whose shares for `year` the yearly duty of `obligation` hands out."""
    return {
        full: target
        for full, target in plan.targets.items()
        if target.shared_by == obligation and year <= target.by.year
    }


def lacking(plan: Plan, obligation: str, year: int, parts: Mapping[str, Parts]) -> list[str]:
    """Return the targets of which a party has no share for `year` yet."""
    return [
        full
        for full, target in handed_out(plan, obligation, year).items()
        if set(target.parties or ()) - parts[full].get(year, {}).keys()
    ]


def share_of(conn: Connection, plan: Plan, duty: Duty) -> str:
    """Return the share that the party of a reading duty has for its year, with the unit; or ""."""
    return share_among(plan, duty, shares(conn, plan)) if duty.kind == "target" else ""


def share_among(plan: Plan, duty: Duty, parts: Mapping[str, Parts]) -> str:
    """Return that share from the shares in force, which are gathered once for many duties."""
    target = plan.targets.get(duty.obligation)
    if duty.kind != "target" or not duty.party or target is None or not duty.period.isdecimal():
        return ""
    part = parts[duty.obligation].get(int(duty.period), {}).get(duty.party)
    return f"{part.value:f}{target.unit}" if part else ""
