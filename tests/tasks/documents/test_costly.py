"""Documents and workbooks that once cost hours are read, or refused with the reason."""

from __future__ import annotations

import io

import pytest
from docx import Document

from catalog.errors import InvalidError
from tasks.documents.text import text_of
from tests.faults import patterns

pytestmark = pytest.mark.timeout(60)


def test_styles_based_on_each_other_are_read():
    assert "1.每年召开2次会议。" in text_of(patterns.styles_in_a_circle(), "a.docx")


def test_the_number_of_a_list_is_inherited_through_styles():
    document = Document()
    document.add_paragraph("甲", document.styles["List Number"])
    content = io.BytesIO()
    document.save(content)
    assert text_of(content.getvalue(), "a.docx") == "1.甲"


@pytest.mark.parametrize("tag", ["span", "table", "div"])
def test_elements_in_each_other_are_read(tag):
    assert "1.每年召开2次会议。" in text_of(patterns.nested(tag), "a.html")


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (patterns.wide_grid, "200 columns"),
        (patterns.spanning_cells, "200 columns"),
        (lambda: patterns.scattered(4000), "scattered pieces of text"),
    ],
)
def test_what_no_document_is_like_is_refused_with_the_reason(file, reason):
    with pytest.raises(InvalidError, match=reason):
        text_of(file(), "a")


def test_a_cell_over_all_columns_stays_in_its_table():
    page = '<html><body><table><tr><td colspan="1000">甲</td></tr><tr><td>乙</td></tr></table>'
    assert text_of(page.encode(), "a.html").split() == ["甲"] * 100 + ["乙"]


def test_a_cell_over_two_rows_is_repeated_in_the_second():
    page = (
        '<html><body><table><tr><td rowspan="2">甲</td><td>乙</td></tr><tr><td>丙</td></tr></table>'
    )
    assert text_of(page.encode(), "a.html").split() == ["甲", "乙", "甲", "丙"]


def test_line_breaks_stay_inside_pre_only():
    page = "<html><body><p>甲\n乙</p><pre>丙\n丁<b>戊\n己</b>\n庚</pre>辛\n壬"
    assert text_of(page.encode(), "a.html").split("\n\n") == [
        "甲 乙",
        "丙",
        "丁戊",
        "己",
        "庚",
        "辛 壬",
    ]
