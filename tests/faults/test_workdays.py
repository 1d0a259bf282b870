"""A late or amended notice of working days moves only rungs still to come."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from catalog.dates import workdays
from ledger.plans import editions
from ledger.proof import chain
from tests.faults.conftest import TABLE, UNTIL_2013
from tests.faults.surviving import assert_sound
from tests.world import DAY, ISSUED, PostOffice, World, small_plan

KEY = "small-2013/1.report/-/once"
DONE = "small-2013/1.done/-/once"


@pytest.fixture
def world(ledger, workday_table, tmp_path):
    """A duty of 2014 made while only the days of 2013 are workday_table, and one that has ended."""
    workday_table(UNTIL_2013)
    stage = World(ledger, PostOffice())
    due = {"due_on": date(2014, 1, 8)}
    stage.publish(small_plan(tmp_path, due, {"id": "done"} | due))
    stage.sweep(ISSUED)
    stage.acknowledge(KEY)
    stage.file(DONE)
    stage.close(DONE)
    return stage


def entries(world, subject):
    with world.ledger.read() as conn:
        rows = chain.entries(conn, subject=subject)
        return [e for e in rows if e.deed == "recalendared"]


def told(world):
    return {n.rung: n.on for n in world.notices(duty=KEY)}


def test_while_no_notice_is_published_the_days_are_provisional(world):
    assert world.duty(KEY).provisional
    world.until(date(2014, 1, 1))
    assert told(world)["before-7"] == date(2014, 1, 1)  # nobody knew that it would be a holiday
    assert entries(world, KEY) == []


def test_the_notice_once_published_counts_for_what_is_not_told_yet(world, workday_table):
    world.sweep(date(2013, 12, 1))
    workday_table(TABLE)
    for on in range(2, 33):
        world.sweep(date(2013, 12, 1) + on * DAY)
    assert told(world)["before-7"] == date(2013, 12, 31)
    assert not world.duty(KEY).provisional
    assert_sound(world.ledger)


def test_the_reason_stands_in_the_history_once(world, workday_table):
    world.sweep(date(2013, 12, 1))
    before = world.duty(KEY).workdays_version
    workday_table(TABLE)
    for on in (2, 3):
        world.sweep(date(2013, 12, on))
    now = workdays.load_workdays("CN").version
    (of_duty,), (of_plan,) = entries(world, KEY), entries(world, "small-2013")
    assert of_duty.payload["workdays"] == of_plan.payload["workdays"] == [before, now]
    with world.ledger.read() as conn:
        assert editions.in_force(conn, "small-2013").workdays_version == now
    assert world.duty(KEY).workdays_version == before  # what it was born under


def test_what_has_ended_stays_as_it_was(world, workday_table):
    before = world.duty(DONE)
    workday_table(TABLE)
    world.sweep(date(2013, 12, 2))
    assert world.duty(DONE) == before._replace(prepare_on=None)  # nothing to prepare any more
    assert entries(world, DONE) == []


def test_a_rung_moved_to_a_later_day_after_it_was_told_is_not_told_again(world, workday_table):
    workday_table(TABLE)
    world.until(date(2014, 1, 9))
    assert told(world)["late-1"] == date(2014, 1, 9)
    longer = "[2014]\noff = [[2014-01-01, 2014-01-12]]\nwork = []\n"
    workday_table(f"{UNTIL_2013}\n{longer}")
    world.until(date(2014, 1, 20))
    rungs = Counter((n.rung, n.recipient) for n in world.notices(duty=KEY))
    assert set(rungs.values()) == {1}
    assert told(world) | {"late-1": date(2014, 1, 9), "late-7": date(2014, 1, 15)} == told(world)
    assert_sound(world.ledger)


def test_an_amended_plan_does_not_hide_that_the_days_are_others(world, workday_table, tmp_path):
    workday_table(TABLE)
    plan = small_plan(tmp_path, {"due_on": date(2014, 1, 8)}).model_copy(update={"edition": 2})
    world.today = date(2013, 12, 1)
    world.publish(plan)
    world.sweep(date(2013, 12, 2))
    assert not world.duty(KEY).provisional


def test_a_due_day_counted_in_working_days_moves_with_them(ledger, workday_table, tmp_path):
    workday_table(UNTIL_2013)
    stage = World(ledger, PostOffice())
    counted = {"id": "return", "recurrence": "yearly", "due": "end + 5 working days"}
    stage.publish(small_plan(tmp_path, counted))
    stage.sweep(ISSUED)
    key = "small-2013/1.return/-/2013"
    assert stage.duty(key).due_on == date(2014, 1, 7)
    workday_table(TABLE)
    stage.sweep(date(2013, 12, 2))
    duty = stage.duty(key)
    assert (duty.due_on, duty.due_version, duty.covers_until) == (
        date(2014, 1, 8),  # 1 January is a holiday
        2,
        date(2013, 12, 31),
    )
    assert_sound(stage.ledger)


def test_a_digest_waits_once_its_day_has_become_a_holiday(
    ledger, workday_table, tmp_path, monkeypatch
):
    """It was dated by the table of then, and is asked about its day again when it leaves."""
    workday_table(UNTIL_2013)
    post = PostOffice()
    monkeypatch.setattr("tasks.post.lines.channel_for", lambda _settings, _name, **_: post)
    stage = World(ledger, post)
    stage.publish(
        small_plan(tmp_path, {"id": "n", "recurrence": "yearly", "since": date(2014, 1, 1)})
    )
    stage.sweep(date(2014, 1, 1))
    assert {m.on for m in stage.messages()} == {date(2014, 1, 1)}  # a Wednesday

    workday_table(TABLE)
    stage.deliver()
    assert not post.letters
    stage.day(date(2014, 1, 2))
    assert {letter.date.date() for letter in post.letters} == {date(2014, 1, 2)}
    assert {m.state for m in stage.messages()} == {"sent"}
