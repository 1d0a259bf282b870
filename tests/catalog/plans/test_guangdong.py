"""Guangdong's plan of 2013, measure by measure, as an independent reader would find it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from catalog.plans.contents import Quota
from catalog.plans.document import plan_document
from catalog.plans.expand import periods
from catalog.plans.load import load_plan
from catalog.reading.document.lines import paper
from catalog.reading.document.structure import items_of
from catalog.reading.settling.coverage import check, faults_of

TEXT = Path(__file__).parents[4] / "shared" / "plan" / "guangdong-2013.txt"
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
def test_the_check_notices_any_one_obligation_target_or_aside_left_out(plan):
    text = paper(TEXT.read_text(encoding="utf-8"), name=plan.plan).text
    items = {item.number: item for item in items_of(text)}
    unnoticed = [
        part
        for measure in plan.measures
        for part, without in without_each(measure)
        if not any(faults_of(plan, without, items[measure.number], text))
    ]
    assert unnoticed == []


def without_each(measure):
    """Yield each part of a measure, and the measure without it."""
    for field in ("obligations", "targets", "asides"):
        parts = getattr(measure, field)
        for n, part in enumerate(parts):
            left = (*parts[:n], *parts[n + 1 :])
            yield f"{measure.number} {part.says}", measure.model_copy(update={field: left})


def test_it_has_42_measures_and_3_safeguards(plan):
    numbers = [measure.number for measure in plan.measures]
    assert numbers == [*map(str, range(1, 43)), "S1", "S2", "S3"]


def test_it_was_issued_in_august_for_three_calendar_years(plan):
    assert plan.issued_on == date(2013, 8, 5)
    assert (plan.starts_on, plan.ends_on) == (date(2013, 1, 1), date(2015, 12, 31))


def test_the_office_is_a_unit_of_its_own_in_the_trade_department(plan):
    office = plan.agency(plan.office)
    assert (office.kind, plan.agency(office.host or "").name) == ("office", "省外經貿廳")


def test_all_21_cities_are_registered_and_the_district_named_beside_them(plan):
    cities = {agency.id for agency in plan.agencies if agency.kind == "city"}
    (all_,) = (group.members for group in plan.groups if group.id == "all-cities")
    assert (len(all_), cities - {*all_}) == (21, {"shunde"})


def test_the_cities_beyond_the_delta_are_the_other_twelve(plan):
    members = {group.id: {*group.members} for group in plan.groups}
    assert members["all-cities"] - members["pearl-nine"] == members["east-west-north"]


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


def obligations(plan, **fields):
    """Return the obligations of the plan that have these fields."""
    return [
        o
        for measure in plan.measures
        for o in measure.obligations
        if all(getattr(o, name) == value for name, value in fields.items())
    ]


def test_every_yearly_obligation_of_the_text_is_there(plan):
    yearly = {o.id for o in obligations(plan, recurrence="yearly", basis="plan")}
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
        "42.talks-macao",
        "42.talks-taiwan",
        "42.docking",
        "42.delegation",
        "42.investors",
        "S1.meeting",
    }


MILESTONES = [
    ("4.value-added", date(2015, 12, 31), None, None),
    ("10.renowned-fair", date(2015, 12, 31), None, None),
    ("13.docking", date(2015, 12, 31), None, None),
    ("14.pilot-objective", date(2015, 12, 31), None, None),
    ("19.pattern", date(2015, 12, 31), None, None),
    ("29.three-in-one", date(2013, 12, 31), None, None),
    ("35.advisory", date(2014, 6, 30), (1, None), SIX),
    ("36.innovation-platforms", date(2015, 12, 31), (1, 2), NINE),
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


def test_the_text_dates_no_other_milestones(plan):
    dated = obligations(plan, kind="milestone", basis="plan")
    assert [o.id for o in dated] == [name for name, *_ in MILESTONES]


@pytest.mark.parametrize(
    ("name", "quota", "count"),
    [
        ("12.wider-pilot", (1, 2), 1),
        ("36.brand-platforms", (1, 1), 3),
        ("36.inspection-platforms", None, 9),
        ("18.going-abroad", None, 9),
        ("20.transfer-schemes", None, 9),
        ("24.transfer-standards", None, 9),
        ("20.reception", None, 12),
        ("30.fees", None, 2),
        ("31.data", None, 21),
    ],
)
def test_what_the_text_leaves_undated_has_its_quota_and_its_performers(plan, name, quota, count):
    obligation = plan.obligation(name)
    assert obligation.basis == "office"
    assert obligation.quota == (quota and Quota(min=quota[0], max=quota[1]))
    assert len(obligation.parties or (None,)) == count


def test_every_document_without_a_date_is_drawn_up(plan):
    documents = Counter(
        o.id.partition(".")[0]
        for o in obligations(plan, kind="deliverable", recurrence="once", basis="office")
    )
    once = ["2", "3", "6", "8", "9", "11", "14", "17", "18", "20", "22", "23", "24", "32", "33"]
    once += ["36", "S1", "S2", "S3"]
    assert documents == Counter([*once, *["4", "7"] * 2, *["30"] * 5])


def test_each_date_of_the_offices_own_has_a_reason(plan):
    dated = [o for o in obligations(plan, basis="office") if o.recurrence != "half-yearly"]
    assert [o.id for o in dated if not o.reason] == []


def test_only_platforms_wait_for_the_last_day_of_the_plan(plan):
    last = [o.id for o in obligations(plan, basis="office", due_on=plan.ends_on)]
    assert last == ["36.inspection-platforms", "36.brand-platforms"]


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("7.award-rules", "7.local-measures"),
        ("30.support-measures", "30.local-measures"),
        ("24.transfer-standards", "20.transfer-schemes"),
        ("12.dongguan-pilot", "12.wider-pilot"),
        ("33.indicators", "32.evaluation-rules"),
        ("32.evaluation-rules", "31.evaluation"),
        ("31.data", "31.evaluation"),
        ("31.evaluation", "32.yearly-report"),
        ("39.capacity-rules", "38.capacity-devolution"),
    ],
)
def test_what_carries_another_is_due_before_it(plan, earlier, later):
    assert earlier in plan.obligation(later).after


def test_one_report_a_measure_tells_of_what_has_neither_date_nor_number(plan):
    reports = Counter(o.id.partition(".")[0] for o in obligations(plan, recurrence="half-yearly"))
    fanned_out = {o.id for o in obligations(plan, recurrence="half-yearly") if o.parties}
    assert fanned_out == {"18.going-abroad"}
    assert reports - Counter(["18"]) == Counter(dict.fromkeys(reports, 1))


def due_days(plan, name):
    """Return the days on which an obligation is due, by the period it covers."""
    return {p.label: p.due_on for p in periods(plan, plan.obligation(name))}


@pytest.mark.parametrize("name", ["21.work-plan", "30.yearly-tasks", "S1.meeting", "S2.funds"])
def test_what_a_year_works_by_is_due_early_in_it(plan, name):
    assert due_days(plan, name) == {
        "2013": date(2013, 11, 4),
        "2014": date(2014, 3, 31),
        "2015": date(2015, 3, 31),
    }


@pytest.mark.parametrize(
    ("name", "due_on"),
    [
        ("31.data", date(2015, 1, 29)),
        ("31.evaluation", date(2015, 2, 28)),
        ("32.yearly-report", date(2015, 3, 31)),
        ("20.reception", date(2015, 1, 29)),
    ],
)
def test_a_year_is_measured_when_it_is_over(plan, name, due_on):
    assert due_days(plan, name)["2014"] == due_on


def test_a_half_year_is_reported_when_it_is_over(plan):
    assert due_days(plan, "15.progress") == {
        "2013-H2": date(2014, 1, 28),
        "2014-H1": date(2014, 7, 28),
        "2014-H2": date(2015, 1, 29),
        "2015-H1": date(2015, 7, 28),
        "2015-H2": date(2016, 1, 29),
    }


def test_the_coordination_meeting_looks_at_the_whole_plan(plan):
    assert plan.obligation("S1.meeting").agenda == ("plan",)


def test_localities_are_evaluated_by_the_five_groups_of_measure_33(plan):
    groups = dict.fromkeys(indicator.group for indicator in plan.indicators)
    assert [*groups] == ["制度創新", "政策環境改善", "平臺建設", "產業優化", "企業競爭力提高"]
    assert (plan.indicators_by, plan.evaluated_by) == ("31.data", "31.evaluation")


def test_targets_of_a_place_are_reported_there_and_levels_of_all_are_shared_out(plan):
    parties = {
        f"{m.number}.{t.id}": t.parties for m in plan.measures for t in m.targets if t.parties
    }
    assert {name for name, of in parties.items() if of == ("dongguan",)} == {
        f"14.{target.id}" for target in plan.measure("14").targets
    }
    assert {name: len(of) for name, of in parties.items() if len(of) > 1} == {
        "5.research-units": 21,
        "6.brands": 21,
    }


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
                "due": "end - 1 month",
                "first_part": "whole",
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
