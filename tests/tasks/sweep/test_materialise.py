"""Obligations become dated duties for the rest of this year and the next, each once."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.dates.workdays import load_workdays
from catalog.errors import ConflictError
from tasks.sweep.materialise import materialise
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.world import ISSUED, ZONE, PostOffice, World, dump, small_plan

YEARLY = {"id": "meeting", "kind": "meeting", "recurrence": "yearly", "quota": {"min": 1, "max": 2}}
CITIES = {"id": "cities", "parties": ["city", "reviewer"], "due_on": date(2014, 6, 30)}


@pytest.fixture
def world(ledger):
    return World(ledger, PostOffice())


def scheduled(world, on):
    tick = Tick("small-2013", on, sweep_instant(ZONE, on))
    return materialise(world.ledger, tick)["scheduled"]


def five_years(tmp_path):
    return small_plan(tmp_path, YEARLY).model_copy(update={"ends_on": date(2017, 12, 31)})


def test_duties_are_made_to_the_end_of_the_year_after_next(world, tmp_path):
    world.publish(five_years(tmp_path))
    assert scheduled(world, ISSUED) == 3
    assert [(d.period, d.opens_on, d.due_on) for d in world.duties()] == [
        ("2013", ISSUED, date(2013, 12, 31)),
        ("2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("2015", date(2015, 1, 1), date(2015, 12, 31)),
    ]


def test_a_new_year_brings_the_duties_of_one_year_more(world, tmp_path):
    world.publish(five_years(tmp_path))
    scheduled(world, ISSUED)
    assert scheduled(world, date(2013, 12, 31)) == 0
    assert scheduled(world, date(2014, 1, 1)) == 1
    assert scheduled(world, date(2015, 1, 1)) == 1
    assert scheduled(world, date(2016, 1, 1)) == 0


def test_a_duty_stores_the_period_it_covers_and_may_be_due_after_the_plan(world, tmp_path):
    reading = {**YEARLY, "opens": "end + 1 day", "due": "end + 3 months"}
    world.publish(small_plan(tmp_path, reading).model_copy(update={"ends_on": date(2015, 12, 31)}))
    assert scheduled(world, ISSUED) == 3
    last = world.duties()[-1]
    assert (last.period, last.opens_on, last.due_on) == (
        "2015",
        date(2016, 1, 1),
        date(2016, 3, 31),
    )
    assert (last.covers_from, last.covers_until) == (date(2015, 1, 1), date(2015, 12, 31))


def test_the_same_day_again_makes_nothing(world, tmp_path):
    world.publish(small_plan(tmp_path, YEARLY, CITIES))
    scheduled(world, ISSUED)
    before = dump(world.ledger)
    assert scheduled(world, ISSUED) == 0
    assert dump(world.ledger) == before


def test_each_party_has_a_duty_of_its_own_and_the_lead_stays_the_lead(world, tmp_path):
    world.publish(small_plan(tmp_path, CITIES))
    scheduled(world, ISSUED)
    assert [(d.key, d.lead, d.performer) for d in world.duties()] == [
        ("small-2013/1.cities/city/once", "trade", "city"),
        ("small-2013/1.cities/reviewer/once", "trade", "reviewer"),
    ]


def test_a_duty_keeps_what_it_was_born_under(world, tmp_path):
    plan = small_plan(tmp_path, YEARLY)
    world.publish(plan)
    scheduled(world, ISSUED)
    duty = world.duty("small-2013/1.meeting/-/2013")
    assert (duty.edition, duty.due_version) == (1, 1)
    assert duty.ladder == plan.ladder.digest
    assert duty.workdays_version == load_workdays("CN").version
    assert (duty.quota_min, duty.quota_max, duty.delivered) == (1, 2, 0)
    assert (duty.opened_on, duty.look_on) == (None, ISSUED)


def test_years_whose_days_off_are_published_are_not_provisional(world, tmp_path):
    world.publish(small_plan(tmp_path, YEARLY))
    scheduled(world, ISSUED)
    assert {d.provisional for d in world.duties()} == {False}


def test_a_day_before_the_last_sweep_is_refused(world, tmp_path):
    world.publish(small_plan(tmp_path, YEARLY))
    world.sweep(date(2013, 8, 6))
    with pytest.raises(ConflictError) as refused:
        scheduled(world, ISSUED)
    assert refused.value.values == {
        "plan": "small-2013",
        "on": ISSUED,
        "swept": date(2013, 8, 6),
    }
