"""Guangdong's plan of 2013, measure by measure, as an independent reader would find it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from catalog.plans.contents import Quota
from catalog.plans.document import plan_document
from catalog.plans.load import PLANS, load_plan
from catalog.reading.settling.coverage import check

FILE = PLANS / "guangdong-2013.toml"
TEXT = Path(__file__).parents[4] / "shared" / "plan" / "guangdong-2013.txt"
PARTS = re.split(r"\n(?=\[\[)", FILE.read_text(encoding="utf-8"))
DUTIES = [
    pytest.param(n, id=part.split('"')[1])
    for n, part in enumerate(PARTS)
    if re.match(r"\[\[measure\.(obligation|target)", part)
]
NINE = ("guangzhou", "shenzhen", "zhuhai", "foshan", "jiangmen", "dongguan", "zhongshan")
NINE = (*NINE, "huizhou", "zhaoqing")
SIX = ("guangzhou", "shenzhen", "foshan", "huizhou", "dongguan", "zhongshan")

needs_text = pytest.mark.skipif(not TEXT.exists(), reason="the plan's text is not beside this copy")


@pytest.fixture(scope="module")
def plan():
    return load_plan("guangdong-2013")


@pytest.fixture(scope="module")
def document(plan):
    return plan_document(plan)


@needs_text
def test_everything_the_text_promises_is_taken_up(plan):
    assert check(plan, TEXT.read_text(encoding="utf-8")) == []


@needs_text
@pytest.mark.parametrize("duty", DUTIES)
def test_the_check_notices_any_one_obligation_or_target_left_out(duty, tmp_path):
    path = tmp_path / "plan.toml"
    path.write_text("\n".join(PARTS[:duty] + PARTS[duty + 1 :]), encoding="utf-8")
    findings = check(load_plan(path), TEXT.read_text(encoding="utf-8"))
    assert {f.key for f in findings} & {"source-mark-untaken", "source-measure-empty"}


def test_no_obligation_or_target_escapes_that_test(plan):
    assert len(DUTIES) == sum(len(m.obligations) + len(m.targets) for m in plan.measures)


def test_it_has_42_measures_and_3_safeguards(plan):
    numbers = [measure.number for measure in plan.measures]
    assert numbers == [*map(str, range(1, 43)), "S1", "S2", "S3"]


def test_it_was_issued_in_august_for_three_calendar_years(plan):
    assert plan.issued_on == date(2013, 8, 5)
    assert (plan.starts_on, plan.ends_on) == (date(2013, 1, 1), date(2015, 12, 31))


def test_the_office_is_a_unit_of_its_own_in_the_trade_department(plan):
    office = plan.agency(plan.office)
    assert (office.kind, plan.agency(office.host or "").name) == ("office", "省外經貿廳")


def test_all_21_cities_are_registered(plan):
    assert Counter(agency.kind for agency in plan.agencies)["city"] == 21


@pytest.mark.parametrize(
    ("number", "lead"),
    [("5", "省科技廳"), ("12", "海關廣東分署"), ("13", "省口岸辦"), ("38", "省編辦")],
)
def test_the_first_named_leads(plan, number, lead):
    assert plan.agency(plan.measure(number).lead).name == lead


def test_two_spellings_of_the_foreign_exchange_office_are_one_agency(plan):
    assert "exchange" in plan.measure("13").participants
    assert "exchange" in plan.measure("34").participants
    names = (plan.agency("exchange").name, *plan.agency("exchange").aliases)
    assert {"國家外匯管理局廣東省分局", "國家外匯管理局廣東分局"} <= {*names}


def test_the_cities_concerned_stay_an_open_group(plan):
    assert plan.agency("cities-concerned").kind == "open-group"
    assert plan.measure("21").participants == ("wjmt", "cities-concerned")


@pytest.mark.parametrize("number", ["18", "35"])
def test_the_delta_cities_are_nine(plan, number):
    assert {*NINE} <= {*plan.measure(number).participants}


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("8.events", 30, 40),
        ("21.events", 3, 5),
        ("40.meeting", 1, 2),
        ("41.events", 1, None),
        ("41.briefings", 2, 3),
    ],
)
def test_yearly_quotas(plan, name, least, most):
    obligation = plan.obligation(name)
    assert (obligation.recurrence, obligation.quota) == ("yearly", Quota(min=least, max=most))


def test_every_yearly_obligation_of_the_text_is_there(plan):
    yearly = {o.id for m in plan.measures for o in m.obligations if o.recurrence == "yearly"}
    assert yearly == {
        "1.certification",
        "8.events",
        "21.work-plan",
        "21.events",
        "30.yearly-tasks",
        "31.evaluation",
        "32.yearly-report",
        "35.coaching",
        "40.meeting",
        "41.events",
        "41.briefings",
        "42.talks",
        "42.docking",
        "42.delegation",
        "S1.meeting",
    }


MILESTONES = [
    ("4.value-added", date(2015, 12, 31), None, None),
    ("10.renowned-fair", date(2015, 12, 31), None, None),
    ("12.wider-pilot", date(2015, 12, 31), (1, 2), None),
    ("13.docking", date(2015, 12, 31), None, None),
    ("14.pilot-objective", date(2015, 12, 31), None, None),
    ("19.pattern", date(2015, 12, 31), None, None),
    ("29.three-in-one", date(2013, 12, 31), None, None),
    ("35.advisory", date(2014, 6, 30), (1, None), SIX),
    ("36.innovation-platforms", date(2015, 12, 31), (1, 2), NINE),
    ("36.brand-platforms", date(2015, 12, 31), (1, 1), ("guangzhou", "shenzhen", "dongguan")),
    ("37.financing-platform", date(2013, 12, 31), None, None),
    ("37.guarantee-funds", date(2015, 12, 31), (2, 3), None),
    ("38.suspension", date(2014, 12, 31), None, None),
    ("38.devolution", date(2014, 12, 31), None, None),
    ("39.one-stop", date(2013, 12, 31), None, None),
    ("39.capacity-rules", date(2013, 12, 31), None, None),
    ("42.branches", date(2015, 12, 31), (2, 3), None),
]


@pytest.mark.parametrize(("name", "due_on", "quota", "parties"), MILESTONES)
def test_milestones(plan, name, due_on, quota, parties):
    obligation = plan.obligation(name)
    assert (obligation.kind, obligation.due_on) == ("milestone", due_on)
    assert obligation.quota == (quota and Quota(min=quota[0], max=quota[1]))
    assert obligation.parties == parties


def test_there_are_no_other_milestones(plan):
    found = [o.id for m in plan.measures for o in m.obligations if o.kind == "milestone"]
    assert found == [name for name, *_ in MILESTONES]


def test_documents_to_be_drawn_up(plan):
    documents = Counter(
        m.number
        for m in plan.measures
        for o in m.obligations
        if o.kind == "deliverable" and o.recurrence == "once"
    )
    once = ["2", "3", "4", "6", "8", "9", "11", "17", "20", "22", "23", "24", "32", "33", "36"]
    once += ["S1", "S2", "S3"]
    assert documents == Counter([*once, "7", "7", "30", "30"])


@pytest.mark.parametrize("name", ["7.local-measures", "30.local-measures", "S1.local-plans"])
def test_what_each_place_must_draw_up_falls_to_21_cities(plan, name):
    assert len(plan.obligation(name).parties) == 21


TARGETS = [
    ("1", 1800, "億美元", "cumulative", "reach"),
    ("2", 80, "%", "level", "reach"),
    ("2", 50, "%", "level", "reach"),
    ("4", 60, "%", "level", "at-least"),
    ("5", 3000, "個", "level", "more-than"),
    ("6", 20000, "個", "level", "more-than"),
    ("7", 70, "%", "level", "at-least"),
    ("8", 21, "%", "level", "at-least"),
    ("9", 14800, "億元", "level", "reach"),
    ("10", 1000, "家", "level", "reach"),
    ("14", 12, "%", "average-growth", "reach"),
    ("14", 15, "%", "average-growth", "reach"),
    ("14", 15, "%", "average-growth", "reach"),
    ("14", 1000, "個", "cumulative", "reach"),
    ("14", 1500, "個", "cumulative", "reach"),
]


def test_figures_to_be_reached(plan):
    found = [
        (m.number, t.value, t.unit, t.measured, t.bound) for m in plan.measures for t in m.targets
    ]
    assert found == TARGETS


def test_the_contract_shape_of_a_measure(document):
    assert document["office"] == "省外經貿廳"
    measure = next(m for m in document["measures"] if m["number"] == "40")
    assert measure == {
        "number": "40",
        "chapter": "四、加強加工貿易轉型升級軟環境建設",
        "title": "用好粵港加工貿易轉型升級專責小組機制",
        "lead": "省外經貿廳",
        "participants": ["省港澳辦"],
        "obligations": [
            {
                "id": "40.meeting",
                "kind": "meeting",
                "title": "召開粵港專題專責小組會議",
                "says": "每年召開1-2次",
                "basis": "plan",
                "recurrence": "yearly",
                "quota": {"min": 1, "max": 2},
                "parties": None,
                "due_on": None,
                "opens": "start",
                "due": "end",
                "first_part": "from-issue",
                "after": [],
                "reason": None,
            }
        ],
        "targets": [],
    }


def test_the_contract_shape_of_a_target(document):
    measure = next(m for m in document["measures"] if m["number"] == "8")
    assert measure["targets"] == [
        {
            "indicator": "加工貿易企業對新興市場出口占比",
            "value": 21,
            "unit": "%",
            "by": "2015-12-31",
            "baseline": {"value": 18.7, "on": "2012-12-31"},
        }
    ]


def test_the_contract_shape_of_an_obligation_with_parties(document):
    measure = next(m for m in document["measures"] if m["number"] == "35")
    advisory = measure["obligations"][0]
    assert advisory["due_on"] == "2014-06-30"
    assert advisory["parties"] == [
        "廣州市人民政府",
        "深圳市人民政府",
        "佛山市人民政府",
        "惠州市人民政府",
        "東莞市人民政府",
        "中山市人民政府",
    ]
