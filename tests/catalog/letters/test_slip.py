"""Slips: a grade, a finding, a demand, and the foot of every letter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from catalog.letters.slip import slip_text
from catalog.wording import languages, say
from tests.catalog.letters.lines import LATE, OFFICE, ON

if TYPE_CHECKING:
    from catalog.letters.line import DutyLine, Text


def slip(line: DutyLine = LATE, **more) -> Text:
    facts = {"language": "zh-Hant", "recipient": "省外經貿廳", "office": OFFICE}
    return slip_text(line, **(facts | more), on=ON, plan="實施方案")


@pytest.mark.parametrize(("grade", "word"), [("amber", "黃燈督辦單"), ("red", "紅燈督辦單")])
def test_a_slip_has_its_grade_and_its_finding(grade: str, word: str):
    text = slip(grade=grade)
    assert text.subject == f"【{word}】舉辦推介會，2014年5月1日到期"
    assert "應於2014年5月1日前（含當日）完成。截至2014年5月30日，已逾期29天。" in text.body
    assert "協調辦公室\n2014年5月30日" in text.body


def test_the_two_slips_ask_for_different_things():
    assert "分管領導" in slip(grade="amber").body
    assert "責任領導" in slip(grade="red").body


def test_a_slip_has_the_foot_of_a_letter_and_says_where_to_answer():
    text = slip(base_url="http://h")
    assert text.body.splitlines()[1] == "辦理地址：http://h/duty/b"
    assert "-- \n協調辦公室\n聯繫人：張三，電話020-12345678\n" in text.body
    assert slip().body.splitlines()[1] == "辦理或答覆，請聯繫協調辦公室（張三，電話020-12345678）。"


def test_those_it_is_copied_to_stand_before_the_foot():
    assert "\n\n抄送：省港澳辦\n-- \n" in slip(copies=["省港澳辦"]).body


@pytest.mark.parametrize("language", languages())
def test_a_slip_of_the_demonstration_is_marked(language: str):
    mark, text = say(language, "notice.demo"), slip(demo=True, language=language)
    assert text.subject.startswith(mark)
    assert text.body.startswith(mark)
    assert say(language, "notice.demo-foot") in text.body


def test_the_performers_own_leader_is_asked_in_person():
    assert "親自過問" in slip(recipient=LATE.performer).body
    assert "親自過問" not in slip(replace(LATE, performer="廣州市")).body
