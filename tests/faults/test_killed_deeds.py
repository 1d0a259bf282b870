"""Killed at any commit of any deed, the ledger is whole and the next run ends as if unharmed."""

from __future__ import annotations

import io
from datetime import date

import pytest

from catalog.dates.spans import span_of
from catalog.duties.deeds import DEEDS
from catalog.plans.model import Plan
from tasks.deeds import (
    answering,
    deciding,
    extending,
    meetings,
    pausing,
    raising,
    readings,
    reassigning,
    slips,
    urging,
)
from tasks.deeds.registry import functions
from tasks.plans import assigning
from tasks.plans.assigning import Order
from tasks.plans.publish import publish
from tasks.reports import circular
from tests.faults.trial import Trial
from tests.stories.material import OBLIGATIONS, TARGET
from tests.world import ISSUED, small_plan

REPORT, RULES = "small-2013/1.report/-/once", "small-2013/1.rules/city/once"
BESIDE = "small-2013/adhoc.1/-/once"
FAIRS, TALK = "small-2013/1.fairs/-/2013", "small-2013/1.talk/-/once"
MEETING = {"id": "talk", "kind": "meeting", "due_on": date(2013, 10, 31)}
LATER, LATE = date(2013, 10, 31), date(2014, 1, 15)
GONE, SETTLED = "small-2013/1.gone", date(2013, 9, 10)
SUMMARY = "已完成"
MINUTES = b"%PDF-1.7\n%%EOF\n"
QUICK = {"publish", "first sweep", "file", "amend", "release-slip"}  # the others: `make faults`


def act(world, agency="office"):
    return world.act(f"{agency}/officer")


def file(world, key, agency):
    with world.ledger.evidence.tray() as tray:
        minutes = tray.take(io.BytesIO(MINUTES), name="紀要.pdf", kind="minutes")
        who = act(world, agency)
        answering.file_submission(world.ledger, key, who, summary=SUMMARY, evidence=[minutes])


def draft_of(world, key):
    return world.notices(duty=key, state="draft")[0].id


def deed(function, key, agency, **said):
    return lambda w: function(w.ledger, key, act(w, agency), **said)


def plainly(name):
    """Return a deed that asks for no more than a running duty and its fields."""
    declared, values = DEEDS[name], {"date": LATER, "agency": "city", "figure": "19.5", "hidden": 1}
    said = {field.name: values.get(field.kind, "已核實") for field in declared.fields}
    return deed(
        functions()[name], REPORT, "office" if "office" in declared.who else "trade", **said
    )


def life(first, second):
    """Return every deed in an order in which each is allowed: its name, and how it is done."""
    span = span_of(date(2013, 12, 1))
    why = {"reason": "已核實"}
    cited = why | {"document": "粵府函〔2013〕9號"}
    steps = [
        ("publish", lambda w: w.publish(first)),
        ("first sweep", lambda w: w.sweep(ISSUED)),
        ("acknowledge", deed(answering.acknowledge, REPORT, "trade")),
        ("refuse", deed(answering.refuse, RULES, "city", **why)),
        ("reassign", deed(reassigning.reassign, RULES, "office", to="city", **why)),
        ("progress", deed(answering.progress, REPORT, "trade", text="過半")),
        ("plan-meeting", deed(meetings.plan_meeting, TALK, "trade", day=LATER, place="三樓會議室")),
        ("answer-meeting", deed(meetings.answer_meeting, TALK, "trade", answer="accepted")),
        ("call-off-meeting", deed(meetings.call_off_meeting, TALK, "trade", **why)),
        ("deliver-item", deed(answering.deliver_item, FAIRS, "trade", title="一場")),
        ("raise-problem", deed(raising.raise_problem, REPORT, "trade", text="缺人")),
        ("answer-problem", deed(raising.answer_problem, REPORT, "office", number=1, text="增派")),
        ("comment", deed(raising.comment, REPORT, "trade", text="知悉")),
        ("assign", lambda w: assigning.assign(
            w.ledger, "small-2013", act(w, "office"), Order("報送名單", "city", LATER, "批示"))),
        ("correct-order", deed(pausing.correct_order, BESIDE, "office", title="名單", **why)),
        ("urge", deed(urging.urge, REPORT, "office", text="請抓緊")),
        ("ask-extension", deed(extending.ask, REPORT, "trade", to=LATER, **why)),
        ("refuse-extension", deed(extending.refuse, REPORT, "office", **why)),
        ("ask-extension", deed(extending.ask, REPORT, "trade", to=LATER, **why)),
        ("grant-extension", deed(extending.grant, REPORT, "office", to=LATER, **cited)),
        ("suspend", deed(pausing.suspend, RULES, "office", **why)),
        ("resume", deed(pausing.resume, RULES, "office")),
        ("autumn sweep", lambda w: w.sweep(date(2013, 9, 30))),
        ("file", lambda w: file(w, RULES, "city")),
        ("return", deed(deciding.give_back, RULES, "office", **why)),
        ("file", lambda w: file(w, RULES, "city")),
        ("accept", deed(deciding.accept, RULES, "trade")),
        ("close", deed(deciding.close, RULES, "office")),
        ("delegate", lambda w: reassigning.delegate(
            w.ledger, "trade/officer", act(w, "trade"), substitute="city/officer", until=LATE)),
        ("amend", lambda w: publish(w.ledger, second, at=w.at, actor="office/officer")),
        ("settle-done", deed(functions()["settle-done"], f"{GONE}-1/-/once", "office",
            done_on=SETTLED, document="粵府辦〔2013〕1號")),
        ("settle-not-done", deed(functions()["settle-not-done"], f"{GONE}-2/-/once", "office",
            **why)),
        ("take-up", deed(functions()["take-up"], f"{GONE}-3/-/once", "office")),
        ("late sweep", lambda w: w.sweep(LATE)),
        ("release-slip", lambda w: slips.release(w.ledger, draft_of(w, REPORT), act(w))),
        ("withdraw-slip", lambda w: slips.withdraw(w.ledger, draft_of(w, FAIRS), act(w), **why)),
        ("report-reading", lambda w: readings.report(
            w.ledger, "small-2013", "1.share", act(w, "trade"), year=2013, value="19.5",
            source="統計局")),
        ("draft-circular", lambda w: circular.draft(w.ledger, "small-2013", span, act(w))),
        ("release-circular", lambda w: circular.release(
            w.ledger, "small-2013", span.label, act(w))),
        ("waive", deed(pausing.waive, REPORT, "office", document="粵府辦〔2014〕1號", **why)),
        ("close-not-done", deed(deciding.close_not_done, FAIRS, "office", **why)),
    ]  # fmt: skip
    named = [name for name, _ in steps]
    others = [(name, plainly(name)) for name in DEEDS if name not in named]
    return [*steps[: named.index("urge")], *others, *steps[named.index("urge") :]]


@pytest.fixture
def plans(tmp_path):
    """Return two editions: the second moves a date and adds a duty."""
    made = small_plan(tmp_path, *OBLIGATIONS, MEETING, participants=["city"]).model_dump()
    made["measures"][0]["targets"] = (TARGET | {"says": "21%"},)
    first = Plan.model_validate(made)
    more = {"id": "more", "due_on": date(2014, 6, 30)}
    gone = [{"id": f"gone-{n}", "due_on": SETTLED} for n in (1, 2, 3)]  # past when it is amended
    moved = [*OBLIGATIONS, MEETING | {"due_on": date(2013, 12, 31)}, more, *gone]
    made |= small_plan(tmp_path, *moved, participants=["city"]).model_dump() | {"edition": 2}
    made["measures"][0]["targets"] = (TARGET | {"says": "21%"},)
    return first, Plan.model_validate(made)


@pytest.mark.timeout(600)
def test_killed_at_every_commit_nothing_is_half_done_and_the_next_run_completes(
    plans, database, tmp_path, record_property
):
    steps = life(*plans)
    assert DEEDS.keys() <= {name for name, _ in steps}
    record_property("kills", Trial(database, tmp_path).live(steps, quick=QUICK))
