"""Faults of a plan against its text: words left out, added or read otherwise."""

from __future__ import annotations

from datetime import date

import pytest
from opencc import OpenCC

from catalog.plans.contents import (
    Agency,
    Aside,
    Baseline,
    Group,
    Measure,
    Obligation,
    Quota,
    Target,
)
from catalog.plans.model import Plan
from catalog.reading.document.structure import items_of
from catalog.reading.settling.coverage import Finding, check

TEXT = """\
港口行動計劃
力爭至2015年末見效。
一、碼頭
(一)擴建。
1.擴建碼頭。每年召開1-2次會議。2014年底前建成3個以上泊位,到2015年吞吐量由2013年的50億元提高到60億元以上。制訂辦法。(省港務局、運輸廳,海關,甲、乙市人民政府)
二、保障措施
(一)加強領導。適時檢查“5S”管理。(省港務局)
"""


def once(local, says, **more):
    values = {"kind": "milestone", "title": "t", "basis": "plan", "due_on": date(2014, 12, 31)}
    return Obligation(id=f"1.{local}", says=says, **(values | more))


MEETING = Obligation(
    id="1.meeting",
    kind="meeting",
    title="t",
    says="每年召開1-2次",
    basis="plan",
    recurrence="yearly",
    quota=Quota(min=1, max=2),
)
BERTHS = once("berths", "2014年底前建成3個以上", quota=Quota(min=3))
RULES = once("rules", "制訂辦法", basis="office", due_on=date(2015, 12, 31))
CARGO = Target(
    id="cargo",
    indicator="吞吐量",
    value=60,
    unit="億元",
    by=date(2015, 12, 31),
    says="由2013年的50億元提高到60億元以上",
    also=("到2015年",),
    bound="at-least",
    baseline=Baseline(value=50, on=date(2013, 12, 31)),
)
INSPECTION = Obligation(
    id="S1.inspection",
    kind="standing",
    title="t",
    says="適時檢查",
    basis="office",
    recurrence="half-yearly",
)
FIRST = Measure(
    number="1",
    chapter="一、碼頭",
    section="(一)擴建",
    title="t",
    lead="port",
    participants=("transport", "customs", "a", "b"),
    obligations=(MEETING, BERTHS, RULES),
    targets=(CARGO,),
)
SAFEGUARD = Measure(
    number="S1",
    chapter="二、保障措施",
    section="(一)加強領導",
    title="領導",
    lead="port",
    obligations=(INSPECTION,),
    asides=(Aside(says="“5S”", reason="管理法的名稱"),),
)


def plan(*measures):
    return Plan(
        plan="harbour-2014",
        title="t",
        issued_on=date(2014, 1, 1),
        starts_on=date(2014, 1, 1),
        ends_on=date(2015, 12, 31),
        office="office",
        agencies=(
            Agency(id="office", name="省港務局辦公室", kind="office", host="port"),
            Agency(id="port", name="省港務局", kind="department"),
            Agency(id="transport", name="省交通廳", aliases=("省運輸廳",), kind="department"),
            Agency(id="customs", name="海關", kind="customs"),
            Agency(id="a", name="甲市人民政府", kind="city"),
            Agency(id="b", name="乙市人民政府", kind="city"),
        ),
        groups=(Group(id="cities", name="各市人民政府", members=("a", "b")),),
        measures=measures,
    )


def changed(measure=FIRST, **fields):
    return plan(measure.model_copy(update=fields), SAFEGUARD)


def berths(**fields):
    return changed(obligations=(MEETING, BERTHS.model_copy(update=fields), RULES))


def meeting(**fields):
    return changed(obligations=(MEETING.model_copy(update=fields), BERTHS, RULES))


def cargo(**fields):
    return changed(targets=(CARGO.model_copy(update=fields),))


def test_a_plan_that_takes_up_everything_has_no_findings():
    assert check(plan(FIRST, SAFEGUARD), TEXT) == []


def test_numbered_lines_are_measures_and_sections_with_a_bracket_are_safeguards():
    first, safeguard = items_of(TEXT)
    assert (first.number, first.chapter, first.section) == ("1", "一、碼頭", "(一)擴建")
    assert (safeguard.number, safeguard.text.strip()) == ("S1", "適時檢查“5S”管理。")


@pytest.mark.parametrize(
    ("plan", "key", "phrase"),
    [
        (changed(obligations=(MEETING, BERTHS)), "source-mark-untaken", "0億元以上。[制訂]辦法。"),
        (changed(obligations=()), "source-mark-untaken", "擴建碼頭。[每年]召開1-2次會議"),
        (changed(targets=()), "source-mark-untaken", "以上泊位,到[2015年]吞吐量由2013"),
        (changed(lead="customs", participants=()), "source-lead-differs", "省港務局"),
        (
            changed(participants=("transport", "customs", "a")),
            "source-participants-differ",
            "省交通廳、海關、甲市人民政府、乙市人民政府",
        ),
        (changed(chapter="一、船"), "source-heading-differs", "一、碼頭 (一)擴建"),
        (
            changed(asides=(Aside(says="擴建碼頭", reason="r"),)),
            "source-aside-idle",
            "擴建碼頭",
        ),
        (meeting(also=("每月",)), "source-quote-absent", "每月"),
        (meeting(also=("以上",)), "source-quote-repeated", "以上"),
        (meeting(quota=Quota(min=1)), "source-quota-differs", "每年召開1-2次"),
        (meeting(quota=None), "source-quota-differs", "每年召開1-2次"),
        (meeting(recurrence="quarterly"), "source-date-differs", "每年召開1-2次"),
        (meeting(basis="office"), "source-basis-differs", "每年召開1-2次"),
        (berths(due_on=date(2014, 12, 30)), "source-date-differs", "2014年底前建成3個以上"),
        (berths(opens_on=date(2014, 7, 1)), "source-date-differs", "2014年底前建成3個以上"),
        (cargo(value=61), "source-value-differs", CARGO.says),
        (cargo(value=0), "source-value-differs", CARGO.says),
        (cargo(unit="億美元"), "source-value-differs", CARGO.says),
        (cargo(bound="more-than"), "source-bound-differs", CARGO.says),
        (cargo(by=date(2014, 12, 31)), "source-date-differs", "到2015年"),
        (
            cargo(baseline=Baseline(value=50, on=date(2012, 12, 31))),
            "source-baseline-differs",
            CARGO.says,
        ),
    ],
)
def test_what_departs_from_the_text_is_found(plan, key, phrase):
    assert Finding("1", key, phrase) in check(plan, TEXT)


ACTIVE = TEXT.replace(
    "制訂辦法。", "制訂辦法。加強甲、乙、丙、丁口岸建設,形成合力,并支持企業轉型。"
)
PROGRESS = Obligation(
    id="1.progress",
    kind="standing",
    title="t",
    says="甲、乙、丙、丁口岸建設",
    also=("支持企業",),
    basis="office",
    recurrence="half-yearly",
)


def active(*more, **fields):
    return changed(obligations=(MEETING, BERTHS, RULES, *more), **fields)


def untaken(plan, text=ACTIVE):
    return [finding.phrase for finding in check(plan, text)]


def test_each_clause_that_asks_for_action_is_found_with_its_place_a_list_in_it_once():
    assert check(active(), ACTIVE) == [
        Finding("1", "source-action-untaken", "。制訂辦法。[加強]甲、乙、丙、丁口"),
        Finding("1", "source-action-untaken", "形成合力,并[支持]企業轉型。"),
    ]


def test_one_report_takes_up_a_sentence_by_words_of_each_clause():
    assert untaken(active(PROGRESS)) == []
    assert untaken(active(PROGRESS.model_copy(update={"also": ()}))) == [
        "形成合力,并[支持]企業轉型。"
    ]


LISTED = TEXT.replace("制訂辦法。", "制訂辦法。健全甲港、乙港、丙港合作機制。")


def talks(*quotes):
    """Return a plan with a talk for each of these words of the list."""
    each = [
        PROGRESS.model_copy(update={"id": f"1.talk-{n}", "says": quote, "also": ()})
        for n, quote in enumerate(quotes)
    ]
    return active(*each)


def test_a_list_taken_up_one_by_one_is_taken_up_whole():
    assert untaken(talks("健全甲港", "乙港", "丙港"), LISTED) == []
    assert check(talks("健全甲港", "丙港"), LISTED) == [
        Finding("1", "source-list-untaken", "。健全甲港、[乙港]、丙港合作機制。")
    ]
    assert untaken(talks("合作機制"), LISTED) == []


def test_a_date_alone_takes_up_no_action():
    text = TEXT.replace("每年召開1-2次會議。", "每年召開1-2次會議。2014年底前檢查碼頭。")
    dated = once("checks", "會議。2014年底前")
    assert untaken(active(dated), text) == ["014年底前[檢查]碼頭。2014年"]
    assert untaken(active(dated.model_copy(update={"says": "2014年底前檢查碼頭"})), text) == []


def test_an_aside_excuses_no_action_whose_verb_it_does_not_hold():
    aside = Aside(says="甲、乙、丙、丁口岸", reason="r")
    findings = check(
        active(PROGRESS.model_copy(update={"says": "支持企業"}), asides=(aside,)), ACTIVE
    )
    assert {finding.key for finding in findings} == {"source-action-untaken", "source-aside-idle"}


def test_words_that_hang_on_a_clause_take_it_up():
    hanging = PROGRESS.model_copy(update={"says": "形成合力"})
    assert untaken(active(hanging)) == []


def test_an_aside_takes_up_a_clause_that_is_no_duty():
    asides = (Aside(says="加強甲", reason="r"), Aside(says="支持企業", reason="r"))
    assert untaken(active(asides=asides)) == []
    assert untaken(active(asides=asides[1:])) == ["。制訂辦法。[加強]甲、乙、丙、丁口"]


def test_the_heading_of_a_measure_asks_for_nothing_of_its_own():
    assert untaken(active(PROGRESS), ACTIVE.replace("1.擴建碼頭。", "1.推進碼頭擴建。")) == []


def test_of_a_text_in_another_language_no_action_is_claimed():
    assert (
        untaken(plan(FIRST, SAFEGUARD), TEXT.replace("制訂辦法。", "制訂辦法。Build a pier.")) == []
    )


def test_a_measure_the_text_has_and_the_plan_has_not_is_found():
    assert check(plan(FIRST), TEXT) == [
        Finding("S1", "source-measure-missing", "適時檢查“5S”管理。"),
    ]


def test_a_measure_the_text_does_not_have_is_found():
    added = SAFEGUARD.model_copy(update={"number": "S2", "obligations": (), "asides": ()})
    findings = check(plan(FIRST, SAFEGUARD, added), TEXT)
    assert findings == [Finding("S2", "source-measure-foreign", "領導")]


def test_a_measure_with_nothing_to_do_is_found():
    empty = SAFEGUARD.model_copy(update={"obligations": ()})
    findings = check(plan(FIRST, empty), TEXT)
    assert Finding("S1", "source-measure-empty", "領導") in findings


def test_an_agency_of_the_text_that_nobody_registered_is_found():
    findings = check(plan(FIRST, SAFEGUARD), TEXT.replace("海關,", "海事局,"))
    assert Finding("1", "source-agency-unknown", "海事局") in findings


def test_a_text_in_the_other_script_and_width_is_checked_alike():
    other = OpenCC("t2s").convert(TEXT).translate(str.maketrans("(),0123", "（），０１２３"))
    assert check(plan(FIRST, SAFEGUARD), other) == []
