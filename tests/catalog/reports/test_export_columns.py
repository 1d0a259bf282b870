"""The columns of the list: headings that name one column each, and what a cell can carry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.reports.export_columns import (
    COLUMNS,
    CONTACTS,
    LONGEST,
    fitted,
    is_cut,
    lines,
    mark,
    plain,
)
from catalog.wording import languages, say


@pytest.mark.parametrize("columns", [COLUMNS, CONTACTS])
def test_a_heading_in_any_language_names_one_column(columns):
    named = {(say(lang, f"column.{c.name}"), c.name) for lang in languages() for c in columns}
    assert len({heading for heading, _ in named}) == len(named)


@given(st.text())
def test_what_fits_a_cell_is_left_as_it_is(text):
    assert fitted(text) == text


def test_a_text_as_long_as_a_cell_is_not_cut():
    assert fitted("字" * LONGEST) == "字" * LONGEST


@pytest.mark.parametrize("text", ["字" * (LONGEST + 1), "𠮷" * 20_000])
def test_a_longer_text_is_cut_where_the_cell_ends_and_says_so(text):
    shown = fitted(text)
    assert LONGEST - 1 <= len(shown.encode("utf-16-le")) // 2 <= LONGEST
    assert is_cut(shown)
    assert f"全文{len(text)}字" in shown


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1", "\t1"]
)
def test_nothing_that_looks_like_a_formula_begins_a_plain_cell(text):
    assert plain(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "已發函", "a=1", "2014-03-14"])
def test_an_ordinary_text_stays_as_it_is(text):
    assert plain(text) == text


def test_a_mark_tells_where_one_cell_ends():
    marks = [mark(cells) for cells in (["甲", "乙", ""], ["甲乙", "", ""], ["", "甲乙", ""])]
    assert len(set(marks)) == 3


@pytest.mark.parametrize(
    ("text", "many"),
    [("", 1), ("五個字一行", 1), ("六個字是兩行", 2), ("a" * 11, 2), ("甲\n\n乙", 3)],
)
def test_the_lines_of_a_cell_are_counted_with_chinese_two_wide(text, many):
    assert lines(text, 10) == many
