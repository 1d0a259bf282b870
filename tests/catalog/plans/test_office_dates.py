"""Office dates: a day and a reason for each kind, what comes before what, and the decision."""

from __future__ import annotations

from datetime import date

import pytest

from catalog.errors import InvalidError
from catalog.plans.dates_file import write_days
from catalog.plans.file import parse
from catalog.plans.load import plan_of
from catalog.plans.office_dates import Decision, accepted, decide, rhythms, undecided
from catalog.wording import languages

ISSUED, LAST = date(2013, 8, 5), date(2015, 12, 31)
SIX, THREE = date(2014, 2, 5), date(2013, 11, 5)
HEAD = """\
# The office keeps this comment.
plan = "trial"
title = "試行計劃"
issued_on = 2013-08-05
starts_on = 2013-01-01
ends_on = 2015-12-31
office = "office"

[[agency]]
id = "office"
name = "協調辦公室"
kind = "office"
host = "wjmt"

[[agency]]
id = "wjmt"
name = "省外經貿廳"
kind = "department"

[[measure]]
number = "1"
chapter = "一"
section = "一"
title = "措施"
lead = "wjmt"
"""


def text(*obligations):
    return HEAD + "".join(map(_obligation, obligations))


def _obligation(fields):
    name, kind = fields.pop("id"), fields.pop("kind", "deliverable")
    lines = {"id": f'"{name}"', "kind": f'"{kind}"', "title": f'"{fields.pop("title", name)}"'}
    lines |= {"says": f'"{name}"', "basis": '"office"', **fields}
    return "\n[[measure.obligation]]\n" + "".join(f"{k} = {v}\n" for k, v in lines.items())


def plan(*obligations):
    return plan_of(parse(text(*obligations).encode(), "plan.toml"))


def proposed(*obligations):
    return {p.obligation.id[2:]: (p.due_on, p.why) for p in undecided(plan(*obligations))}


@pytest.mark.parametrize(
    ("kind", "fields", "day", "why"),
    [
        ("deliverable", {}, SIX, "document"),
        ("report", {}, SIX, "document"),
        ("meeting", {}, SIX, "meeting"),
        ("milestone", {}, LAST, "campaign"),
        ("event", {}, LAST, "campaign"),
        ("standing", {}, LAST, "standing"),
        ("deliverable", {"quota": "{ min = 3 }"}, LAST, "quota"),
        ("deliverable", {"opens_on": "2014-03-01"}, date(2014, 9, 1), "document"),
        ("deliverable", {"opens_on": "2015-08-01"}, LAST, "short-term"),
    ],
)
def test_a_day_by_kind(kind, fields, day, why):
    assert proposed({"id": "o", "kind": kind, **fields}) == {"o": (day, why)}


def test_a_scheme_comes_first_and_what_builds_on_it_not_before():
    asked = [
        {"id": "rules"},
        {"id": "review", "after": '["rules", "platform"]'},
        {"id": "platform", "kind": "milestone", "due_on": "2014-09-30"},
    ]
    assert proposed(*asked) == {
        "rules": (THREE, "scheme"),
        "review": (date(2014, 9, 30), "after"),
    }


def test_a_scheme_is_due_by_the_date_of_what_needs_it():
    asked = [{"id": "rules"}, {"id": "trial", "after": '["rules"]', "due_on": "2013-09-30"}]
    assert proposed(*asked) == {"rules": (date(2013, 9, 30), "needed")}


def test_a_chain_of_open_dates_is_proposed_in_its_order():
    asked = [
        {"id": "last", "after": '["middle"]'},
        {"id": "middle", "kind": "milestone", "after": '["first"]', "due_on": "2014-12-31"},
        {"id": "first"},
    ]
    assert proposed(*asked) == {"last": (date(2014, 12, 31), "after"), "first": (THREE, "scheme")}


def test_a_date_of_the_office_on_the_last_day_needs_a_reason():
    unsaid, said = {"id": "unsaid", "due_on": "2015-12-31"}, {"id": "said", "due_on": "2015-12-31"}
    early = {"id": "early", "due_on": "2014-12-31"}
    said["reason"] = '"貫穿計劃期"'
    assert proposed(unsaid, said, early) == {"unsaid": (SIX, "document")}


@pytest.mark.parametrize(
    ("fields", "turn"),
    [
        ({"recurrence": '"yearly"', "title": "制訂年度工作計劃"}, ("start", "start + 3 months")),
        (
            {"recurrence": '"yearly"', "title": "年度工作計劃評估"},
            ("end + 1 day", "end + 3 months"),
        ),
        ({"recurrence": '"quarterly"', "kind": "report"}, ("end + 1 day", "end + 10 days")),
        ({"recurrence": '"half-yearly"', "kind": "standing"}, ("start", "end + 10 days")),
        ({"recurrence": '"yearly"', "kind": "meeting"}, ("start", "start + 6 months")),
        ({"recurrence": '"yearly"', "kind": "event"}, None),
        ({"recurrence": '"yearly"', "kind": "report", "due": '"end + 1 month"'}, None),
    ],
)
def test_the_days_of_what_recurs(fields, turn):
    found = [(str(r.opens), str(r.due)) for r in rhythms(plan({"id": "o", **fields}))]
    assert found == ([turn] if turn else [])


def test_what_is_decided_stands_in_the_plan_and_in_its_file_beside_all_else():
    asked = [{"id": "rules"}, {"id": "party", "due_on": "2015-12-31"}, {"id": "more"}]
    before = plan(*[dict(each) for each in asked])
    decisions = {
        "1.rules": Decision(THREE, "先行"),
        "1.party": Decision(LAST, '至"期末"'),
        "1.more": Decision(SIX),
    }
    source = text(*asked)
    written = write_days(source, "plan.toml", decisions)
    after = plan_of(parse(written.encode(), "plan.toml"))
    assert after == decide(before, decisions)
    assert undecided(after) == ()
    assert set(source.splitlines()) <= set(written.splitlines())
    assert after.obligation("1.party").reason == '至"期末"'


def test_a_decision_that_turns_the_order_round_is_refused():
    order = plan({"id": "rules", "due_on": "2014-06-30"}, {"id": "review", "after": '["rules"]'})
    with pytest.raises(InvalidError) as refused:
        decide(order, {"1.review": Decision(date(2014, 1, 1))})
    assert refused.value.key == "plan-after-earlier"


def test_an_accepted_proposal_is_no_longer_asked_for_whatever_its_kind():
    kinds = ("deliverable", "meeting", "milestone", "event", "standing")
    order = plan(*({"id": kind, "kind": kind} for kind in kinds))
    for language in languages():
        assert undecided(decide(order, accepted(undecided(order), language))) == ()
