"""Duties handed down become a measure of a plan, each within its term and under its own name."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from catalog.errors import ConflictError, NotFoundError
from catalog.offices.bundle import BundledDuty, HandDown, Office, Source
from catalog.offices.taking_over import next_edition, next_number
from catalog.plans.load import load_plan

ON = date(2013, 9, 2)


def duty(key, **more):
    said = {
        "key": key,
        "title": "報送實施方案",
        "says": "各地制訂",
        "measure": "組織實施",
        "kind": "deliverable",
        "basis": "office",
        "period": "once",
        "opens_on": date(2013, 8, 5),
        "due_on": date(2014, 6, 30),
        "quota_min": None,
        "quota_max": None,
    }
    return BundledDuty.model_validate(said | more)


def handed(*duties, number="國辦發〔2012〕1號"):
    source = Source(code="national-2012", title="國家計劃", number=number, issued_on=ON)
    return HandDown(
        origin=Office(name="部", fingerprint="0" * 32),
        to="1" * 32,
        at=datetime(2013, 9, 1, tzinfo=UTC),
        id="a" * 16,
        plan=source,
        duties=duties,
    )


def take(*duties, lead="wjmt", title="", on=ON, plan=None):
    plan = plan or load_plan("guangdong-2013")
    keys = [duty.key for duty in duties]
    return next_edition(plan, handed(*duties), keys=keys, lead=lead, title=title, on=on)


@pytest.mark.parametrize(
    ("keys", "names"),
    [
        (["n/3.plans/guangdong/once"], ["43.plans"]),
        (["n/3.plans/-/2013", "n/3.plans/-/2014", "n/4.plans/-/once"], ["43.plans", "43.plans-2"]),
        (["n/S1.local-plans/-/once"], ["43.local-plans"]),
        (["no key of ours"], ["43.duty"]),
        (["n/3.各市/-/once", "n/../x"], ["43.duty", "43.duty-2"]),
        ([f"n/3.{'x' * 51}/-/once"], ["43.duty"]),
    ],
)
def test_each_obligation_has_a_name_of_its_own(keys, names):
    made = take(*map(duty, keys)).measure("43")
    assert [o.id for o in made.obligations][: len(names)] == names
    assert [o.answers for o in made.obligations] == keys


def test_the_measure_cites_where_it_comes_from():
    made = take(duty("n/3.plans/-/once")).measure("43")
    assert (made.chapter, made.section) == ("上級交辦", "國家計劃 國辦發〔2012〕1號")
    assert (made.title, made.lead) == ("組織實施", "wjmt")


def test_the_plan_is_the_same_otherwise():
    before, after = load_plan("guangdong-2013"), take(duty("n/3.plans/-/once"), title="省內落實")
    assert after.measures[:-1] == before.measures
    assert (after.edition, after.measures[-1].title) == (2, "省內落實")
    assert next_number(after) == "44"


def test_what_is_answered_already_keeps_its_place():
    first = take(duty("n/3.plans/-/once"))
    again = take(duty("n/3.plans/-/once", due_on=date(2014, 9, 30)), plan=first)
    assert (again.edition, again.obligation("43.plans").due_on) == (3, date(2014, 9, 30))
    assert len(again.measures) == len(first.measures)


@pytest.mark.parametrize(("kind", "made"), [("target", "report"), ("meeting", "meeting")])
def test_what_stands_by_itself_keeps_its_kind(kind, made):
    taken = take(duty("n/3.plans/-/once", kind=kind, quota_min=2, quota_max=3))
    found = taken.obligation("43.plans")
    assert (found.kind, found.quota.min, found.quota.max) == (made, 2, 3)


def test_an_agency_the_plan_does_not_have_leads_nothing():
    with pytest.raises(NotFoundError):
        take(duty("n/3.plans/-/once"), lead="nobody")


@pytest.mark.parametrize(
    ("on", "key"), [(date(2014, 7, 1), "take-late"), (date(2016, 1, 1), "take-outside")]
)
def test_what_can_no_longer_be_done_in_time_is_refused(on, key):
    with pytest.raises(ConflictError) as refused:
        take(duty("n/3.plans/-/once"), on=on)
    assert refused.value.key == key
