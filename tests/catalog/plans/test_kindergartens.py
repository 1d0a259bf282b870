"""The notice of 2019 on kindergartens of housing estates: dated steps for each province."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from catalog.plans.load import load_plan
from catalog.reading.settling.coverage import check

TEXT = Path(__file__).parents[4] / "shared" / "samples" / "guobanfa-2019-3.txt"


@pytest.fixture(scope="module")
def plan():
    return load_plan("kindergartens-2019")


@pytest.mark.skipif(not TEXT.exists(), reason="the notice's text is not beside this copy")
def test_everything_the_text_promises_is_taken_up(plan):
    assert check(plan, TEXT.read_text(encoding="utf-8")) == []


def test_it_has_nine_measures_of_two_years(plan):
    assert [measure.number for measure in plan.measures] == [*map(str, range(1, 10))]
    assert (plan.issued_on, plan.ends_on) == (date(2019, 1, 9), date(2020, 12, 31))


@pytest.mark.parametrize(
    ("name", "due_on"),
    [
        ("4.survey", date(2019, 4, 30)),
        ("5.handover", date(2019, 6, 30)),
        ("5.recovery", date(2019, 9, 30)),
        ("5.planning", date(2019, 12, 31)),
        ("5.acceptance", date(2020, 12, 31)),
    ],
)
def test_each_step_the_text_dates_is_a_duty_of_all_31_provinces(plan, name, due_on):
    obligation = plan.obligation(name)
    assert (obligation.due_on, obligation.basis) == (due_on, "plan")
    assert len(obligation.parties or ()) == 31


def test_every_other_date_is_the_joint_offices(plan):
    told = {o.id for m in plan.measures for o in m.obligations if o.basis == "plan"}
    assert told == {"4.survey", "5.handover", "5.recovery", "5.planning", "5.acceptance"}


def test_the_joint_office_sits_in_the_ministry_of_education(plan):
    assert plan.agency(plan.office).host == "moe"
