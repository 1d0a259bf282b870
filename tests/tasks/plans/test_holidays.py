"""The notice of a year is recorded in the ledger, and duties under way are calculated anew."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.dates.notice_text import read_notice
from catalog.dates.workdays import load_workdays
from catalog.errors import NotFoundError
from catalog.plans.model import under
from ledger import holiday_notices
from ledger.duties import life
from ledger.post import letters
from ledger.proof.ledger_verification import differences
from tasks.in_force import in_force
from tasks.plans.holidays import effect, record
from tests.world import ISSUED, PostOffice, World, dump, small_plan

KEY = "small-2013/1.report/-/2013"
YEAR = {"recurrence": "yearly", "due": "end - 10 working days"}
CLOSED = read_notice("off 2013-12-16 2013-12-20\nsource 粵府辦〔2013〕1號\n")


@pytest.fixture
def world(ledger, tmp_path):
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, YEAR, between=False))
    stage.sweep(ISSUED)
    return stage


def act(world):
    return world.act("office/officer")


def test_the_next_sweep_moves_what_is_counted_in_working_days(world):
    before = world.duty(KEY).due_on
    shown = effect(world.ledger, "CN", CLOSED, act(world))
    assert [(d.key, shown.was[d.key]) for d in shown.moved] == [(KEY, before)]
    assert date(2013, 12, 16) in shown.now_off

    assert record(world.ledger, "CN", CLOSED, act(world))
    world.sweep(date(2013, 9, 2))

    assert world.duty(KEY).due_on == shown.moved[0].due_on < before
    with world.ledger.read() as conn:
        (moved,) = life.due_dates(conn, KEY)
        version = holiday_notices.calendar(conn, "CN").version
        assert moved.reason == f"working days {version}"
        assert in_force(conn, "small-2013").row.workdays_version == version
        assert list(differences(conn)) == []


def test_showing_it_records_nothing(world):
    before = dump(world.ledger)
    assert effect(world.ledger, "CN", CLOSED, act(world)).is_new
    assert dump(world.ledger) == before


def test_the_same_notice_is_recorded_once_and_another_replaces_it(world):
    other = read_notice("off 2013-12-17\nsource x\n")
    assert record(world.ledger, "CN", CLOSED, act(world))
    assert not record(world.ledger, "CN", CLOSED, act(world))
    assert record(world.ledger, "CN", other, act(world))
    with world.ledger.read() as conn:
        assert holiday_notices.recorded(conn, "CN") == (other,)
        assert list(differences(conn)) == []
    with pytest.raises(NotFoundError):
        record(world.ledger, "XX", CLOSED, act(world))


def test_another_ledger_keeps_the_shipped_table(world, tmp_path):
    record(world.ledger, "CN", CLOSED, act(world))
    with world.ledger.read() as conn:
        own = in_force(conn, "small-2013")
    shipped = small_plan(tmp_path, YEAR, between=False)
    assert own.plan == shipped
    assert own.plan.calendar is own.workdays
    assert shipped.calendar is load_workdays("CN")
    assert under(shipped, own.workdays).model_dump_json() == shipped.model_dump_json()


def test_letters_rest_on_a_day_that_is_off_now(world):
    record(world.ledger, "CN", read_notice("off 2013-09-03\nsource x\n"), act(world))
    world.sweep(date(2013, 9, 3))
    world.deliver()
    with world.ledger.read() as conn:
        assert not [each for each in letters.listed(conn) if each.on == date(2013, 9, 3)]
