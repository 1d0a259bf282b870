"""Sweeps run twice, late or with a wrong clock change nothing that should not change."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from catalog.errors import ConflictError
from ledger.proof import chain
from ledger.proof.ledger_verification import verify_ledger
from tests.world import ISSUED, PostOffice, World, dump, small_plan

DUTIES = (
    {"id": "early", "due_on": date(2013, 8, 30)},
    {"id": "middle", "due_on": date(2013, 9, 13)},
    {"id": "city", "due_on": date(2013, 9, 6), "parties": ["city"]},
    {"id": "event", "recurrence": "half-yearly", "quota": {"min": 6}},
)
SINCE, UNTIL = date(2013, 8, 30), date(2013, 9, 29)


@pytest.fixture
def other(tmp_path, database):
    """A second world beside the first, for the same days lived another way."""
    with database.fleeting(tmp_path / "other") as ledger:
        yield World(ledger, PostOffice())


def entries(world):
    with world.ledger.read() as conn:
        return list(chain.entries(conn))


def test_the_same_sweep_twice_changes_nothing(world, tmp_path):
    world.publish(small_plan(tmp_path, *DUTIES))
    for on in (ISSUED, SINCE, UNTIL):
        world.sweep(on)
        before, written = dump(world.ledger), len(entries(world))
        counts = world.sweep(on)
        assert (dump(world.ledger), len(entries(world))) == (before, written)
        assert not +counts


def test_thirty_missed_days_give_one_notice_a_duty_and_recipient(world, tmp_path):
    world.publish(small_plan(tmp_path, *DUTIES))
    world.sweep(SINCE)
    known = {n.id for n in world.notices()}
    world.sweep(UNTIL)

    caught_up = [n for n in world.notices() if n.id not in known]
    told = Counter((n.duty, n.recipient, n.form) for n in caught_up)
    assert set(told.values()) == {1}
    assert {n.duty.split("/")[1] for n in caught_up} >= {"1.early", "1.middle", "1.city"}


def test_the_rungs_passed_over_are_recorded_with_the_one_that_is_told(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": date(2013, 9, 6)}))
    world.sweep(ISSUED)
    world.sweep(date(2013, 9, 17))

    told = [n for n in world.notices() if n.on == date(2013, 9, 17)]
    passed = ("unsigned-5", "unsigned-10", "before-30", "before-7", "before-1", "late-1")
    assert {(n.rung, n.coalesced) for n in told} == {("late-7", passed)}


def test_after_missed_days_the_duties_are_as_if_every_day_had_been_swept(world, other, tmp_path):
    plan = small_plan(tmp_path, *DUTIES)
    for lived in (world, other):
        lived.publish(plan)
        lived.sweep(SINCE)
    world.sweep(UNTIL)
    while other.today < UNTIL:
        other.sweep(date.fromordinal(other.today.toordinal() + 1))

    def facts(lived):
        return [duty._replace(told_through=None) for duty in lived.duties()]

    assert facts(world) == facts(other)


def test_no_rung_told_day_by_day_is_missing_from_the_catch_up(world, other, tmp_path):
    plan = small_plan(tmp_path, *DUTIES)
    for lived in (world, other):
        lived.publish(plan)
        lived.sweep(SINCE)
    world.sweep(UNTIL)
    while other.today < UNTIL:
        other.sweep(date.fromordinal(other.today.toordinal() + 1))

    def rungs(lived):
        return {(n.duty, rung) for n in lived.notices() for rung in (n.rung, *n.coalesced)}

    assert rungs(world) == rungs(other)


def test_a_clock_set_back_is_refused_and_changes_nothing(world, tmp_path):
    world.publish(small_plan(tmp_path, *DUTIES))
    world.sweep(SINCE)
    before, written = dump(world.ledger), len(entries(world))
    with pytest.raises(ConflictError) as refused:
        world.sweep(date(2013, 8, 29))
    assert refused.value.key == "sweep-backwards"
    assert refused.value.values["swept"] == SINCE
    assert (dump(world.ledger), len(entries(world))) == (before, written)


def test_every_rung_told_has_one_entry_and_the_history_is_true(world, tmp_path):
    world.publish(small_plan(tmp_path, *DUTIES))
    world.sweep(SINCE)
    world.sweep(UNTIL)

    deeds = {"reminded", "escalated"}
    told = Counter((e.subject, e.payload["rung"]) for e in entries(world) if e.deed in deeds)
    rungs = {(n.duty, n.rung) for n in world.notices() if not n.rung.startswith("prepared-")}
    assert set(told) == rungs
    assert set(told.values()) == {1}
    with world.ledger.read() as conn:
        assert verify_ledger(conn).ok
