from __future__ import annotations

import unicodedata
from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.duties.evidence_rules import (
    BY_KIND,
    LABELS,
    LONGEST,
    extension,
    missing,
    required,
    safe_name,
)
from catalog.plans.contents import Kind, Obligation
from catalog.wording import say

MEETING = Obligation(
    id="40.meeting",
    kind="meeting",
    title="召開會議",
    says="每年召開1-2次",
    basis="plan",
    due_on=date(2014, 12, 31),
)
HOSTILE = st.text(
    st.characters(codec="utf-8") | st.sampled_from("./\\\r\n\t\u202e\u200f\u2066\ufeff:*?\x00字")
)


def test_every_kind_of_obligation_has_its_rule():
    assert set(BY_KIND) == set(get_args(Kind))
    assert {label for rule in BY_KIND.values() for label in rule} <= set(LABELS)


def test_a_meeting_is_proved_by_minutes_and_attendance():
    assert required("meeting", MEETING.evidence) == ("minutes", "attendance")


@pytest.mark.parametrize("rule", [(), ("photo",)])
def test_the_plan_may_ask_for_something_else(rule):
    asked = MEETING.model_copy(update={"evidence": rule})

    assert required("meeting", asked.evidence) == rule


def test_an_obligation_the_plan_has_dropped_keeps_the_rule_of_its_kind():
    assert required("target", None) == ("source",)


def test_what_is_missing_is_named_in_the_order_of_the_rule():
    assert missing(("minutes", "attendance"), ()) == ("minutes", "attendance")
    assert missing(("minutes", "attendance"), {"minutes", "photo"}) == ("attendance",)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("會議紀要.pdf", "會議紀要.pdf"),
        ("Minutes (2).PDF", "Minutes (2).PDF"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Users\\甲\\紀要.docx", "紀要.docx"),
        ("紀要\u202efdp.exe.pdf", "紀要fdp.exe.pdf"),
        ("a\r\nContent-Type: text/html\r\n.pdf", "html.pdf"),
        (" .. .pdf", "unnamed.pdf"),
        ("", "unnamed"),
        ("CON.pdf", "_CON.pdf"),
        ("紀要\u3000\u00a0一.pdf", "紀要 一.pdf"),
        ("a\ud800b.pdf", "ab.pdf"),
    ],
)
def test_a_name_is_shown_without_what_could_harm(name, shown):
    assert safe_name(name) == shown


def test_a_name_of_300_bytes_is_cut_between_characters_and_keeps_its_ending():
    cut = safe_name("紀" * 100 + ".pdf")

    assert cut == "紀" * 58 + ".pdf"
    assert len(cut.encode()) <= LONGEST


@given(HOSTILE)
def test_whatever_the_name_it_is_one_visible_line_that_stays_where_it_is_put(name):
    shown = safe_name(name)

    assert shown
    assert len(shown.encode()) <= LONGEST + 1
    assert not set(shown) & set('/\\<>:"|?*')
    assert not any(unicodedata.category(c)[0] == "C" or c in "\u2028\u2029" for c in shown)
    assert shown.strip(" .") == shown
    assert safe_name(shown) == shown


@given(st.text(st.characters(codec="utf-8"), max_size=400))
def test_the_ending_survives(stem):
    assert extension(safe_name(f"{stem}.pdf")) == "pdf"


def test_every_label_has_the_text_of_the_rule_that_asks_for_it():
    for label in LABELS:
        assert label in say("en", f"error.rule-evidence-{label}", key="KEY")
