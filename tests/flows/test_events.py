"""A run tells at most once of each kind: how much there is, and the first of it."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest

from flows.run import events
from ledger.proof import anchors, chain
from ledger.proof.verify import Anchor
from tasks.tick import Tick
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

PLAN = "small-2013"
FAIRS = f"{PLAN}/1.fairs/city/2014"
YEAR = {"recurrence": "yearly", "since": dt.date(2014, 1, 1), "until": dt.date(2014, 12, 31)}
LATE = dt.date(2014, 2, 14)


@pytest.fixture
def world(ledger):
    return World(ledger, PostOffice())


def entries(world):
    with world.ledger.read() as conn:
        return chain.head(conn).entries


def news(world, work, on, *, wrong=0):
    """Return the news of the sweep for the day `on`, which `work` is given to do."""
    before = entries(world)
    work(on)
    tick = Tick(PLAN, on, world.at)
    return {n.name: n for n in events.of_sweep(world.ledger, tick, before, wrong=wrong)}


def test_a_quota_behind_its_pace_is_told_once(world, tmp_path):
    quota = {"id": "fairs", "quota": {"min": 20}, "parties": ["city"], **YEAR}
    world.publish(small_plan(tmp_path, quota))
    assert news(world, world.sweep, dt.date(2014, 1, 1)) == {}
    behind = news(world, world.sweep, dt.date(2014, 3, 31))
    assert list(behind) == ["behind"]
    assert (behind["behind"].number, behind["behind"].about) == (1, [FAIRS])
    assert news(world, world.sweep, dt.date(2014, 3, 31)) == {}


def test_of_many_duties_escalated_the_first_are_named(world, tmp_path):
    world.publish(small_plan(tmp_path, *({"id": f"r{n}"} for n in range(7))))
    world.sweep(ISSUED)
    (escalations,) = news(world, partial(world.sweep, confirmed="office/officer"), LATE).values()
    assert (escalations.name, escalations.number) == ("escalations", 7)
    assert escalations.about == [f"{PLAN}/1.r{n}/-/once" for n in range(events.FIRST)]


def test_whom_no_letter_reaches_is_told_once_a_round(world, tmp_path):
    plan = small_plan(tmp_path, {"parties": ["city"]})
    world.publish(plan, unreached=["city/officer"])
    world.sweep(ISSUED)
    before = entries(world)
    world.deliver()
    (dead,) = events.of_delivery(world.ledger, before)
    assert (dead.name, dead.number, dead.about) == ("dead", 1, ["city/officer"])
    assert events.of_delivery(world.ledger, entries(world)) == []


def test_a_ledger_that_its_anchors_refuse_is_told_by_sweeps_and_deliveries(world, tmp_path):
    world.publish(small_plan(tmp_path, {}))
    world.sweep(ISSUED)
    home = world.ledger.settings.home
    with anchors.anchor_file(home).open("a", encoding="utf-8") as file:
        file.write(_line(Anchor(ISSUED + DAY, 9999, "0" * 64)))
    (told,) = news(world, lambda _: None, ISSUED).values()
    assert (told.name, told.number) == ("tampered", 1)
    assert [n.name for n in events.of_delivery(world.ledger, entries(world))] == ["tampered"]


def test_what_the_check_finds_is_told_with_its_findings(world, tmp_path):
    world.publish(small_plan(tmp_path, {}))
    world.sweep(ISSUED)
    finding = "differs: duties x"
    with world.ledger.transaction() as tx:
        note = {"on": ISSUED, "plan": PLAN, "count": 1, "findings": [finding]}
        tx.record("check-failed", "check", note=note, at=world.at, actor="duban")
    (told,) = news(world, lambda _: None, ISSUED, wrong=1).values()
    assert (told.name, told.number, told.about) == ("tampered", 1, [finding])


def _line(anchor):
    return anchors._line(anchor)
