"""The story of the demonstration: each event happens on its day, and a visitor's word stands."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest

from catalog.dates.days import A_DAY
from catalog.dates.workdays import load_workdays
from catalog.duties import adhoc
from catalog.duties.standing import DUE_SOON
from catalog.plans.load import load_plan
from ledger.duties.duties import Duty
from ledger.proof import chain
from tasks.act import Act
from tasks.deeds import pausing
from tasks.demo.cast import story
from tasks.demo.cast.acting import act
from tasks.demo.cast.parts import part
from tasks.demo.cast.performing import DECIDES
from tasks.demo.cast.story import BODIES, DECISIONS, GUANGDONG, STORY
from tasks.demo.play import ANSWER_AFTER, play_all
from tasks.in_force import in_force
from tasks.sweep_time import sweep_instant
from tasks.tick import Tick
from tests.world import small_plan

PLAN = load_plan(GUANGDONG)
DUE = {"id": "pause", "due_on": date(2013, 9, 30)}
DAY = date(2013, 8, 20)


def test_each_event_falls_on_a_working_day_and_names_what_the_plan_has():
    workdays, agencies = load_workdays(PLAN.workdays), {agency.id for agency in PLAN.agencies}
    obligations = {o.id for measure in PLAN.measures for o in measure.all_obligations}

    for event in STORY[GUANGDONG]:
        assert workdays.is_workday(event.on), event
        assert event.agency in agencies
        is_beside = event.key.startswith("adhoc.")
        assert is_beside or not event.key or event.key.split("/")[0] in obligations, event
    bodies = [body for each in BODIES[GUANGDONG].values() for body in each.members]
    assert {*bodies, *(d.to for each in DECISIONS.values() for d in each)} <= agencies


def test_the_day_on_which_it_opens_has_something_of_everything():
    opens_on, workdays = date(2014, 3, 14), load_workdays(PLAN.workdays)
    lately = {e.entry for e in STORY[GUANGDONG] if opens_on - 4 * A_DAY <= e.on <= opens_on}
    assert {"problem-raised", "extension-asked"} <= lately
    days = {}
    for number, order in enumerate(story.INSTRUCTED, 3):
        key = adhoc.key(GUANGDONG, number)
        since = date(2014, 2, 24)
        facts = {"key": key, "performer": order.to, "opens_on": since, "due_on": order.due_on}
        script = part(Duty.model_construct(**facts), workdays)
        days[order.due_on - opens_on] = script and script.files_on
    waits = [day for day in days.values() if day and workdays.add(day, DECIDES) > opens_on >= day]
    assert len(waits) == 2  # to be reviewed
    open_still = [left for left, day in days.items() if day and day > opens_on]
    assert len([left for left in open_still if left <= DUE_SOON]) == 3
    assert days[-7 * A_DAY] is None  # the rung a week after its due date drafts a slip today


KEY = "small-2013/1.pause/-/once"


@pytest.fixture
def plan(tmp_path, monkeypatch):
    """A small plan with a story of its own: the office suspends its duty on DAY."""
    plan = small_plan(tmp_path, DUE)
    suspend = partial(pausing.suspend, reason="臺風")
    event = story.Event(DAY, "office", "1.pause/-/once", "suspended", suspend)
    monkeypatch.setattr(story, "STORY", {plan.plan: (event,)})
    return plan


def suspensions(ledger):
    with ledger.read() as conn:
        return [entry.actor for entry in chain.entries(conn) if entry.deed == "suspended"]


def test_an_event_happens_once_however_often_its_day_is_played(ledger, plan):
    play_all(ledger, [plan], until=DAY)
    with ledger.read() as conn:
        edition = in_force(conn, plan.plan)
    act(ledger, edition, Tick(plan.plan, DAY, sweep_instant(plan.zone, DAY)))

    assert suspensions(ledger) == ["office/officer"]


def test_what_a_visitor_did_before_stands(ledger, plan):
    eve = DAY - A_DAY
    play_all(ledger, [plan], until=eve)
    at = sweep_instant(plan.zone, eve) + 3 * ANSWER_AFTER
    pausing.waive(ledger, KEY, Act("office/officer", eve, at), reason="並入", document="1號")

    play_all(ledger, [plan], until=DAY)

    assert suspensions(ledger) == []
