"""A plan finds its parts, makes the readings of its targets, and survives the ledger."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from catalog.errors import NotFoundError
from catalog.plans.contents import Obligation
from catalog.plans.load import load_plan
from catalog.plans.model import Plan


def test_a_plan_read_back_from_its_json_is_the_same():
    plan = load_plan("guangdong-2013")
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


def test_a_slip_is_numbered_in_the_form_of_an_official_paper():
    assert load_plan("guangdong-2013").slip_number(2014, 18) == "粵加貿辦督〔2014〕18號"


def test_a_plan_cannot_be_changed():
    with pytest.raises(ValidationError):
        load_plan("guangdong-2013").title = "another"


def test_a_target_gives_its_lead_a_yearly_reading_on_the_offices_date():
    reading = load_plan("guangdong-2013").obligation("8.emerging-share")
    assert (reading.kind, reading.recurrence, reading.basis) == ("target", "yearly", "office")
    assert reading.title == "報告年度數據:加工貿易企業對新興市場出口占比"
    assert reading.says == "由2012年的18.7%提升到21%以上"


@pytest.mark.parametrize(
    ("find", "name"), [("agency", "nobody"), ("measure", "43"), ("obligation", "40.dinner")]
)
def test_what_a_plan_does_not_have_is_not_found(find, name):
    with pytest.raises(NotFoundError) as missing:
        getattr(load_plan("guangdong-2013"), find)(name)
    assert missing.value.values == {find: name}


def test_an_obligation_that_answers_no_duty_does_not_say_so():
    plan = load_plan("guangdong-2013")
    assert "answers" not in plan.model_dump_json()


def test_the_duty_an_obligation_answers_is_told_and_read_again():
    found = load_plan("guangdong-2013").obligation("40.meeting")
    answering = found.model_copy(update={"answers": "national-2012/3.meeting/guangdong/2014"})
    assert Obligation.model_validate_json(answering.model_dump_json()) == answering
