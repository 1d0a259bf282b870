from __future__ import annotations

import datetime as dt

import pytest

from ledger.proof import chain
from ledger.proof.derived import MEND
from ledger.proof.ledger_verification import verify_ledger
from ledger.store.changes import Change
from tasks.proof.mending import mend
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

KEY = "small-2013/1.report/-/once"
AT = dt.datetime(2013, 8, 30, 9, tzinfo=dt.UTC)
FAR = dt.date(2099, 1, 1)


@pytest.fixture
def world(ledger) -> World:
    return World(ledger, PostOffice())


def test_what_was_silenced_is_told_again(world, tmp_path):
    world.publish(small_plan(tmp_path, {"due_on": dt.date(2013, 9, 30)}))
    world.sweep(ISSUED)
    with world.ledger.transaction() as tx:
        tx.lease([Change("duties", KEY, {"look_on": FAR, "told_through": FAR})])

    mended = mend(world.ledger, at=AT, actor="lin")

    assert {(w.column, w.value, w.right) for w in mended} == {
        ("look_on", "2099-01-01", dt.date(2013, 8, 12)),
        ("told_through", "2099-01-01", ISSUED),
    }
    with world.ledger.read() as conn:
        assert verify_ledger(conn, at=AT).ok
        last = list(chain.entries(conn))[-1]
    assert (last.deed, last.actor) == ("mended", "lin")
    assert ["duties", KEY, "look_on", "2099-01-01", "2013-08-12"] in last.payload["columns"]
    assert world.sweep(dt.date(2013, 8, 12))["reminded"] == 1


@pytest.mark.parametrize("ahead", [[60], [60, 61], [400, 500]])
def test_sweeps_by_a_clock_that_was_ahead_stop_no_later_one(world, tmp_path, ahead):
    world.publish(small_plan(tmp_path, {"due_on": dt.date(2013, 9, 30)}))
    world.sweep(ISSUED)
    for days in ahead:
        world.sweep(ISSUED + days * DAY)
    last = ISSUED + ahead[-1] * DAY
    with world.ledger.read() as conn:
        faults = [fault.what for fault in verify_ledger(conn, at=AT).faults]
    line = f"editions ('small-2013', 1) in swept_through: {last}, not {AT.date() - 2 * DAY}"
    assert [what for what in faults if "ahead: " not in what] == [f"wrong: {line}; {MEND}"]

    assert [wrong.column for wrong in mend(world.ledger, at=AT, actor="lin")] == ["swept_through"]

    world.sweep(AT.date())
    with world.ledger.read() as conn:
        faults = [fault.what for fault in verify_ledger(conn, at=AT + DAY).faults]
    assert [what for what in faults if "ahead: " not in what] == []


def test_editions_before_the_one_in_force_are_mended_with_it(world, tmp_path):
    plan = small_plan(tmp_path, {"due_on": dt.date(2013, 9, 30)})
    world.publish(plan)
    world.sweep(AT.date())
    world.publish(plan.model_copy(update={"edition": 2}))
    world.sweep(FAR)

    assert {wrong.column for wrong in mend(world.ledger, at=AT, actor="lin")} == {"swept_through"}
    assert mend(world.ledger, at=AT, actor="lin") == []


def test_where_nothing_is_wrong_nothing_is_recorded(world, tmp_path):
    world.publish(small_plan(tmp_path, {}))
    world.sweep(ISSUED)
    with world.ledger.read() as conn:
        before = chain.head(conn)

    assert mend(world.ledger, at=AT, actor="lin") == []

    with world.ledger.read() as conn:
        assert chain.head(conn) == before
