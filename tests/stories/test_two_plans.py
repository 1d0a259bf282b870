"""Two plans of different form run side by side: both are swept, and a day is one letter each."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from catalog.plans.load import load_plan
from tests.world import PostOffice, World

SURVEYED = date(2019, 4, 30)
PLANS = ("guangdong-2013", "kindergartens-2019")


@pytest.fixture
def world(ledger):
    """Both plans in force since the day of the second one, and coordinated by one office."""
    made = World(ledger, PostOffice())
    first, second = map(load_plan, PLANS)
    agencies = tuple(a for a in second.agencies if a.id != second.office)
    office = first.agency(first.office).model_copy(update={"host": "moe"})
    for plan in (first, second.model_copy(update={"agencies": (office, *agencies)})):
        made.publish(plan)
    return made


def test_both_are_swept_and_a_recipient_has_one_letter_a_day(world):
    days = [SURVEYED + timedelta(days=n) for n in range(3)]
    for day in days:
        world.day(day)
    letters = [(m.recipient, m.on) for m in world.messages() if m.form == "digest"]
    assert letters
    assert max(Counter(letters).values()) == 1
    told = {notice.duty.partition("/")[0] for notice in world.notices()}
    assert told == set(PLANS)


def test_the_office_reads_of_both_plans_in_one_letter(world):
    world.sweep(SURVEYED, confirmed="office/officer")
    world.day(SURVEYED)
    world.day(SURVEYED + timedelta(days=1))
    of = {}
    for notice in world.notices():
        if notice.message:
            of.setdefault(notice.message, set()).add(notice.duty.partition("/")[0])
    assert set(PLANS) in of.values()


def test_a_duty_of_each_plan_lives_by_its_own_plan(world):
    world.day(SURVEYED)
    keys = ("guangdong-2013/40.meeting/-/2014", "kindergartens-2019/4.survey/hunan/once")
    found = {duty.key: duty.due_on for duty in world.duties() if duty.key in keys}
    assert found == {keys[0]: date(2014, 11, 30), keys[1]: SURVEYED}
