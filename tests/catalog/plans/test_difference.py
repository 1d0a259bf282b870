"""The difference of two editions, duty by duty."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.ladder.rungs import DEFAULT_LADDER, Ladder
from catalog.plans.contents import Agency, Measure, Obligation, Quota
from catalog.plans.difference import difference
from catalog.plans.model import Plan
from catalog.plans.succession import Heirs, Succession

REPORT = "trial/1.report/-/once"


def _plan(*obligations, lead="wjmt", participants=("city",), **head):
    measure = Measure(
        number="1",
        chapter="一",
        section="一",
        title="措施",
        lead=lead,
        participants=participants,
        obligations=obligations or (_obligation(),),
    )
    return Plan(
        plan="trial",
        title="試行計劃",
        issued_on=date(2013, 8, 5),
        starts_on=date(2013, 1, 1),
        ends_on=date(2015, 12, 31),
        office="office",
        agencies=tuple(
            Agency(id=name, name=name, kind="office" if name == "office" else "department")
            for name in ("wjmt", "commerce", "city", "office")
        ),
        measures=(measure,),
        **head,
    )


def _obligation(name="report", **fields):
    usual = {"kind": "report", "title": name, "says": "報告", "basis": "plan"}
    if fields.get("recurrence", "once") == "once":
        usual["due_on"] = date(2014, 12, 31)
    return Obligation(id=f"1.{name}", **usual | fields)


def test_a_plan_does_not_differ_from_itself():
    found = difference(_plan(), _plan(edition=2))
    assert (found.added, found.removed, found.altered, found.ladder) == ({}, {}, {}, False)


@pytest.mark.parametrize(
    ("after", "terms"),
    [
        (_plan(_obligation(due_on=date(2015, 6, 30))), {"due_on"}),
        (_plan(_obligation(opens_on=date(2014, 1, 1))), {"opens_on"}),
        (_plan(_obligation(title="新題")), {"title"}),
        (_plan(_obligation(says="新文")), {"says"}),
        (_plan(_obligation(basis="office")), {"basis"}),
        (_plan(_obligation(kind="deliverable")), {"kind"}),
        (_plan(_obligation(quota=Quota(min=1, max=2))), {"quota_min", "quota_max"}),
        (_plan(lead="commerce"), {"lead", "performer"}),
        (_plan(participants=()), {"participants"}),
    ],
)
def test_every_term_that_changes_is_named(after, terms):
    found = difference(_plan(), after)
    assert {a.term for a in found.altered[REPORT]} == terms
    assert found.of(*terms) == list(found.altered[REPORT])


def test_what_is_asked_no_more_is_removed_and_what_is_new_is_added():
    found = difference(_plan(), _plan(_obligation("second")))
    assert (list(found.added), list(found.removed)) == (["trial/1.second/-/once"], [REPORT])


def test_a_shorter_recurrence_removes_the_periods_it_loses():
    yearly = {"recurrence": "yearly", "since": date(2013, 1, 1)}
    found = difference(
        _plan(_obligation(**yearly)), _plan(_obligation(**yearly, until=date(2014, 12, 31)))
    )
    assert list(found.removed) == ["trial/1.report/-/2015"]


def test_another_ladder_is_said():
    short = Ladder(rungs=DEFAULT_LADDER.rungs[:2])
    assert difference(_plan(), _plan(ladder=short)).ladder


def test_the_new_name_of_a_successor_is_no_change():
    merged = Succession(
        "0001", "merged", "wjmt", "commerce", date(2014, 2, 20), "文", frozenset(), "wjmt"
    )
    assert not difference(_plan(), _plan(lead="commerce"), Heirs([merged])).altered
