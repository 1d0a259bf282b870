"""A plan fitted to the office that publishes it."""

from __future__ import annotations

import pytest

from catalog.offices.plan_fitting import fitted
from catalog.plans.contents import Agency
from catalog.plans.load import load_plan, plan_names

OFFICE = Agency(id="office", name="市政府督查室", kind="office")


@pytest.mark.parametrize("name", plan_names())
def test_its_own_office_and_agencies_leave_a_plan_as_it_is(name):
    plan = load_plan(name)
    assert fitted(plan, plan.agency(plan.office), plan.agencies) is plan


@pytest.mark.parametrize("name", plan_names())
def test_another_office_takes_the_place_of_the_plans_own(name):
    plan = fitted(load_plan(name), OFFICE)
    assert (plan.office, plan.agency("office").name) == ("office", "市政府督查室")
    assert [a.id for a in plan.agencies if a.kind == "office"] == ["office"]


def test_an_agency_is_the_registered_one_of_its_name_in_either_script():
    before = load_plan("guangdong-2013")
    here = Agency(id="a-1", name="省科技厅", kind="department")
    plan = fitted(before, OFFICE, [here])
    led = [m.number for m in before.measures if m.lead == "science"]
    assert led
    assert [m.number for m in plan.measures if m.lead == "a-1"] == led
    assert "science" not in {a.id for a in plan.agencies}


def test_an_id_of_another_agency_here_is_not_taken():
    stranger = Agency(id="science", name="市博物馆", kind="department")
    plan = fitted(load_plan("guangdong-2013"), OFFICE, [stranger])
    assert plan.agency("science-2").name == "省科技廳"


def test_an_office_that_also_leads_is_one_agency():
    office = Agency(id="office", name="省科技廳", kind="office")
    plan = fitted(load_plan("guangdong-2013"), office)
    assert len([a for a in plan.agencies if a.id == "office"]) == 1
    assert any(m.lead == "office" for m in plan.measures)
