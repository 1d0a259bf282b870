"""Forecasts of mail: for a plan by its replay, for a moved date by the letters it adds."""

from __future__ import annotations

from datetime import date

import pytest

from tasks.plans import forecast
from tasks.plans.forecast import Cost, Forecast
from tasks.plans.replay import replay
from tests.world import ISSUED, PostOffice, World, small_plan

KEY = "small-2013/1.report/-/once"
SECOND = {"id": "second", "due_on": date(2013, 10, 31)}


@pytest.fixture
def world(ledger, tmp_path):
    stage = World(ledger, PostOffice())
    stage.publish(small_plan(tmp_path, {"due_on": date(2013, 9, 30)}))
    stage.sweep(ISSUED)
    return stage


def test_a_plan_costs_what_its_replay_tells(tmp_path):
    plan = small_plan(tmp_path, {})
    load = replay(plan).load
    assert {(c.month, c.agency): c.after for c in forecast.of_plan(plan)} == dict(load)
    assert {c.before for c in forecast.of_plan(plan)} == {0}


def test_an_amendment_is_laid_beside_what_is_in_force(tmp_path):
    before = small_plan(tmp_path, {})
    after = small_plan(tmp_path, {}, SECOND)
    costs = forecast.of_plan(after, before, since=date(2013, 10, 15))
    assert min(cost.month for cost in costs) == "2013-10"
    october = next(c for c in costs if (c.agency, c.month) == ("trade", "2013-10"))
    assert october.before < october.after


def test_a_duty_whose_date_moves_says_which_letters_it_costs(world):
    with world.ledger.read() as conn:
        costs = forecast.of_move(conn, world.duty(KEY), date(2013, 12, 31), on=date(2013, 9, 29))
    late = [cost for cost in costs if cost.month == "2013-10" and cost.agency == "trade"]
    then = [cost for cost in costs if cost.month == "2013-12" and cost.agency == "trade"]
    assert [(c.before > 0, c.after) for c in late] == [(True, 0)]
    assert [c.after for c in then] == [2]  # seven days before and one day before


def test_a_date_that_stays_costs_nothing_more(world):
    duty = world.duty(KEY)
    with world.ledger.read() as conn:
        costs = forecast.of_move(conn, duty, duty.due_on, on=ISSUED)
    assert costs
    assert all(cost == Cost(cost.agency, cost.month, cost.after, cost.after) for cost in costs)


def test_the_agency_with_the_worst_month_stands_first():
    costs = [
        Cost("city", "2014-01", 2, 4),
        Cost("city", "2014-02", 0, 3),
        Cost("trade", "2014-01", 1, 6),
    ]
    assert forecast.forecasts(costs, measure=3) == [
        Forecast("trade", 1, 6, "2014-01", 6, 1),
        Forecast("city", 2, 7, "2014-01", 4, 1),
    ]
