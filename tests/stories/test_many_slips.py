"""Slips that are many at once wait for a person; reminders of other duties go on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from ledger.plans import editions
from ledger.proof import chain
from tasks.plans.publish import publish
from tasks.sweep.escalate import FEW, release
from tests.world import small_plan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.world import World

PLAN, DUE, LATE = "small-2013", date(2013, 9, 2), date(2013, 9, 9)
OTHER = {"id": "other", "due_on": date(2013, 9, 16)}


def mass(many: int) -> list[dict[str, object]]:
    return [{"id": f"r{n}", "due_on": DUE} for n in range(many)]


def held(world: World) -> int:
    with world.ledger.read() as conn:
        return editions.in_force(conn, PLAN).slips_held


def entries(world: World, deed: str) -> list[tuple[str, int]]:
    with world.ledger.read() as conn:
        return [(e.actor, e.payload["count"]) for e in chain.entries(conn, PLAN) if e.deed == deed]


@pytest.fixture
def late(world: World, tmp_path: Path) -> World:
    """More than a few duties are seven days late, and another is due in seven."""
    world.publish(small_plan(tmp_path, *mass(FEW + 1), OTHER, between=False))
    for on in (date(2013, 8, 5), date(2013, 9, 3)):
        world.sweep(on)
    return world


def test_no_slip_is_drafted_and_other_duties_are_reminded_of(late: World) -> None:
    counts = late.sweep(LATE)
    assert (counts["held"], counts["drafted"], counts["reminded"]) == (FEW + 1, 0, 1)
    assert held(late) == FEW + 1
    assert [n for n in late.notices() if n.form == "slip"] == []
    assert late.sweep(date(2013, 9, 10))["held"] == FEW + 1
    assert entries(late, "slips-held") == [("duban", FEW + 1)]  # recorded once


def test_a_person_confirms_them_and_stands_in_the_history(late: World) -> None:
    late.sweep(LATE)
    assert release(late.ledger, PLAN, late.act("office/officer"))["drafted"] == FEW + 1
    assert held(late) == 0
    assert entries(late, "slips-confirmed") == [("office/officer", FEW + 1)]
    assert late.sweep(date(2013, 9, 10))["held"] == 0


def test_what_was_filed_meanwhile_lets_the_rest_go(late: World) -> None:
    late.sweep(LATE)
    late.file(f"{PLAN}/1.r0/-/once")
    assert late.sweep(date(2013, 9, 10))["drafted"] == FEW
    assert held(late) == 0


def test_a_few_are_drafted_unasked(world: World, tmp_path: Path) -> None:
    world.publish(small_plan(tmp_path, *mass(FEW)))
    for on in (date(2013, 8, 5), date(2013, 9, 3)):
        world.sweep(on)
    assert world.sweep(LATE)["drafted"] == FEW


def test_a_demonstration_is_not_held(world: World, tmp_path: Path) -> None:
    plan = small_plan(tmp_path, *mass(FEW + 1))
    publish(world.ledger, plan, at=world.at, actor="demo", demo=True)
    world.plans.append(plan)
    for on in (date(2013, 8, 5), date(2013, 9, 3)):
        world.sweep(on)
    assert world.sweep(LATE)["drafted"] == FEW + 1
