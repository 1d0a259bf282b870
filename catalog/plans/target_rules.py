"""Rules of the figures of a plan: parties and shares of targets, weights of indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.plans.rules import Fault
from catalog.plans.shares import parts_of_plan, place_of_shares
from catalog.plans.trajectory import exact, first_year

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import date

    from catalog.plans.contents import Contents, Measure, Target

FULL = 100  # all weights of the indicators together


def faults(plan: Contents) -> Iterator[Fault]:
    """Yield the broken rules, in no promised order."""
    yearly = {o.id for m in plan.measures for o in m.obligations if o.recurrence == "yearly"}
    for number, measure in enumerate(plan.measures):
        for place, target in enumerate(measure.targets):
            for fault in _of_a_target(measure, target, plan.starts_on, yearly):
                yield fault._replace(at=("measures", number, "targets", place, *fault.at))
    yield from _of_the_indicators(plan)
    for field in ("indicators_by", "evaluated_by"):
        if getattr(plan, field) not in {None, *yearly}:
            yield Fault("plan-not-yearly", (field,), {"id": getattr(plan, field)})


def _of_the_indicators(plan: Contents) -> Iterator[Fault]:
    ids = [indicator.id for indicator in plan.indicators]
    for number, name in enumerate(ids):
        if name in ids[:number]:
            yield Fault("plan-id-twice", ("indicators", number, "id"), {"id": name})
    total = sum(exact(indicator.weight) for indicator in plan.indicators)
    if plan.indicators and total != FULL:
        yield Fault("plan-weights", ("indicators", 0, "weight"), {"sum": total})


def _of_a_target(
    measure: Measure, target: Target, starts_on: date, yearly: Collection[str]
) -> Iterator[Fault]:
    if not target.parties:
        for field in ("shares", "shared_by", "rolls_up"):
            if getattr(target, field):
                yield Fault("plan-target-parties", (field,), {"name": field})
        return
    if target.roll_up == "sum" and target.is_rate:
        yield Fault("plan-roll-up-rate", ("rolls_up",), {})
    if target.roll_up == "lead" and measure.lead in target.parties:
        yield Fault("plan-roll-up-lead", ("parties",), {"agency": measure.lead})
    if target.shared_by and target.shared_by not in yearly:
        yield Fault("plan-not-yearly", ("shared_by",), {"id": target.shared_by})
    shares = tuple(_of_the_shares(target, starts_on))
    yield from shares
    if not shares:
        yield from _of_the_sum(target, starts_on)


def _of_the_shares(target: Target, starts_on: date) -> Iterator[Fault]:
    first, last = first_year(target, starts_on), target.by.year
    earlier: set[tuple[str, int]] = set()
    for number, share in enumerate(target.shares):
        at, values = ("shares", number), {"agency": share.party, "year": share.year}
        if share.party not in (target.parties or ()):
            yield Fault("plan-share-party", (*at, "party"), values)
        if not first <= share.year <= last:
            yield Fault("plan-share-year", (*at, "year"), values | {"first": first, "last": last})
        if (share.party, share.year) in earlier:
            yield Fault("plan-share-twice", at, values)
        earlier.add((share.party, share.year))


def _of_the_sum(target: Target, starts_on: date) -> Iterator[Fault]:
    """Yield a fault where all shares together, met to the letter, do not reach the target."""
    at = place_of_shares(target, parts_of_plan(target), starts_on=starts_on)
    if at and at.year == target.by.year and not at.unreported and at.verdict != "reached":
        values = {"sum": at.actual, "value": target.value, "unit": target.unit}
        yield Fault("plan-shares-short", ("shares",), values)
