"""Titles in the reader's script, and the script that a text is written in."""

from __future__ import annotations

import pytest

from catalog.plans.load import load_plan, plan_names
from catalog.wording.script import in_script_of, language_of


@pytest.mark.parametrize(
    ("code", "text", "shown"),
    [
        ("zh-Hans", "廣東省深化珠三角與港澳合作", "广东省深化珠三角与港澳合作"),
        ("zh-Hant", "关于进一步加强幼儿园审核的通知", "關於進一步加強幼兒園審核的通知"),
        ("zh-Hant", "督辦台賬", "督辦台賬"),  # nothing that is written in it already is changed
        ("zh-Hans", "GDP", "GDP"),
        ("en", "廣東省", "廣東省"),
    ],
)
def test_a_title_is_shown_in_the_script_of_its_reader(code: str, text: str, shown: str):
    assert in_script_of(code, text) == shown


@pytest.mark.parametrize(
    ("text", "language"),
    [("广东省", "zh-Hans"), ("廣東省", "zh-Hant"), ("GDP", "zh-Hant"), ("", "zh-Hant")],
)
def test_a_text_is_in_the_script_that_leaves_it_as_it_is(text: str, language: str):
    assert language_of(text) == language


def test_readings_of_targets_are_called_in_the_script_of_their_indicator():
    readings = [
        (target.indicator, obligation.title)
        for name in plan_names()
        for measure in load_plan(name).measures
        for target in measure.targets
        for obligation in measure.all_obligations
        if obligation.title.endswith(target.indicator) and obligation.kind == "target"
    ]
    assert readings
    for indicator, title in readings:
        assert title.startswith("报告" if language_of(indicator) == "zh-Hans" else "報告")
