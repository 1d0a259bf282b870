"""What somebody typed is kept as it was typed, without what no letter or database can carry."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.clean import clean, one_line


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("已完成", "已完成"),
        ("  已完成\n", "已完成"),
        ("一\r\n二\r三\t四", "一\n二\n三\t四"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("\ud800", ""),
        ("甲\u202egpj.exe\u2066", "甲gpj.exe"),
        ("<b>&amp;</b> =1+1", "<b>&amp;</b> =1+1"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_a_text_is_kept(typed: str, expected: str):
    assert clean(typed) == expected


@given(st.text(st.characters()))
def test_what_is_kept_can_be_stored_and_is_kept_again_as_it_is(typed: str):
    text = clean(typed)
    assert clean(text) == text
    assert "\x00" not in text
    text.encode("utf-8")


@given(st.text())
def test_one_line_has_no_line_end_control_or_bidi_mark(text: str):
    line = one_line(text)
    assert {unicodedata.category(c) for c in line}.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    assert line == " ".join(line.split())
