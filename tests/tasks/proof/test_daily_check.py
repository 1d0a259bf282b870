from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ledger.people import signin
from ledger.post import letters
from ledger.store.changes import Change
from tasks.people import passwords
from tasks.post.forming import form
from tasks.proof.daily_check import check, last_check
from tasks.proof.mending import mend
from tasks.tick import Tick
from tests.databases import ON_SQLITE
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

if TYPE_CHECKING:
    from ledger.proof.chain import Entry

KEY = "small-2013/1.report/-/once"
FAR = dt.date(2099, 1, 1)
AT = dt.datetime(2013, 8, 30, 9, tzinfo=dt.UTC)
WEEK = [ISSUED + n * DAY for n in range(7)]


def tick():
    return Tick("small-2013", ISSUED, AT)


@pytest.fixture
def world(ledger, tmp_path) -> World:
    world = World(ledger, PostOffice())
    world.publish(small_plan(tmp_path, {"due_on": dt.date(2013, 9, 30)}))
    world.sweep(ISSUED)
    return world


def found(world: World) -> list[int]:
    """Return how much the check finds wrong on each day of a week."""
    return [check(world.ledger, replace(tick(), on=on))["wrong"] for on in WEEK]


def last(world: World) -> Entry | None:
    with world.ledger.read() as conn:
        return last_check(conn)


def test_nothing_is_wrong_in_what_nobody_touched(world):
    passwords.set_password(
        world.ledger, ["trade/officer", "city/officer"], "correct horse battery", at=AT, actor="lin"
    )
    assert found(world) == [0] * 7
    assert last(world) is None


def test_a_silenced_duty_is_found_within_a_week_and_until_it_is_mended(world):
    with world.ledger.transaction() as tx:
        tx.lease([Change("duties", KEY, {"look_on": FAR})])

    assert sum(found(world)) == 1
    entry = last(world)
    assert entry is not None
    assert entry.payload["findings"][0].startswith(f"wrong: duties {KEY} in look_on: 2099-01-01")

    mend(world.ledger, at=AT, actor="lin")
    assert found(world) == [0] * 7
    assert last(world) is None


def test_a_sweep_set_ahead_is_found_the_same_day(world):
    with world.ledger.transaction() as tx:
        tx.lease([Change("editions", ("small-2013", 1), {"swept_through": FAR})])

    assert 0 not in found(world)


@ON_SQLITE
def test_a_date_that_is_none_is_a_finding_and_stops_no_check(world, database):
    with database.connect(world.ledger.settings.home) as conn:
        conn.exec_driver_sql("UPDATE duties SET due_on = 'zzz'")
        conn.commit()
    assert sum(found(world)) == 1
    entry = last(world)
    assert entry is not None
    assert entry.payload["findings"] == [f"unreadable: duties {KEY} holds a value that is none"]


def test_what_a_clock_once_ahead_told_is_no_finding_after_mending(world):
    world.sweep(ISSUED + 50 * DAY)
    assert 0 not in found(world)
    mend(world.ledger, at=AT, actor="lin")
    assert found(world) == [0] * 7


def test_a_finding_set_right_by_other_means_is_settled_by_mending(world):
    with world.ledger.transaction() as tx:
        tx.lease([Change("editions", ("small-2013", 1), {"swept_through": FAR})])
    found(world)
    with world.ledger.transaction() as tx:
        tx.lease([Change("editions", ("small-2013", 1), {"swept_through": ISSUED})])
    assert last(world) is not None
    assert mend(world.ledger, at=AT, actor="lin") == []
    assert last(world) is None


def test_a_letter_put_off_is_found_the_same_day(world):
    form(world.ledger, on=ISSUED, at=world.at)
    with world.ledger.transaction() as tx:
        letter, *_ = letters.listed(tx.conn)
        tx.lease([Change("letters", letter.id, {"next_try_at": AT + 400 * DAY})])

    assert 0 not in found(world)


def test_a_password_put_in_by_sql_is_found_within_a_week(world):
    with world.ledger.transaction() as tx:
        row = {"password": "argon2id", "changed_at": AT}
        signin.put(tx, "credentials", "office/officer", row)

    assert sum(found(world)) == 1
    entry = last(world)
    assert entry is not None
    assert entry.payload["findings"][0].startswith("unrecorded: credentials office/officer")
