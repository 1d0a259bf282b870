"""A filled-in workbook at the desk: shown before it is taken, taken whole, by its rules."""

from __future__ import annotations

import html
import io
import json
import re

import pytest
from openpyxl import load_workbook

from catalog.reports.export_columns import COLUMNS
from ledger.duties import duties, life
from ledger.proof import chain
from tests.desk.visitors import TOKEN

KEY = next(n for n, column in enumerate(COLUMNS) if column.name == "key")
ASKED = re.compile(r'name="changes" value="([^"]*)"')
REPORT = "guangdong-2013/18.going-abroad/foshan/2013-H2"


def filled(browser, **cells):
    """Export the ledger as a person does, and write into the row of REPORT by column."""
    book = load_workbook(io.BytesIO(browser.get("/ledger.xlsx").content))
    sheet = book.worksheets[0]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[KEY].value == REPORT)
    for letter, text in cells.items():
        sheet[f"{letter}{row[0].row}"].value = text
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def brought(browser, content, name="台賬.xlsx"):
    token = TOKEN.search(browser.get("/import").text)[1]
    return browser.post("/import", data={"token": token}, files={"workbook": (name, content)})


def taken(browser, changes):
    return browser.post_form("/import/take", shown_on="/import", changes=changes)


def shown(answer):
    found = ASKED.search(answer.text)
    return html.unescape(found[1]) if found else ""


@pytest.fixture
def entries(desk_ledger):
    def _entries():
        with desk_ledger.read() as conn:
            return chain.head(conn).entries

    return _entries


def test_what_was_filled_in_is_shown_then_taken_once(signed_in, desk_ledger, entries):
    foshan = signed_in("foshan/officer")
    before = entries()
    answer = brought(foshan, filled(foshan, H="已組織\n<兩批>企業", I="場地不足", J="六月回訪"))
    assert answer.status_code == 200
    assert "已組織\n&lt;兩批&gt;企業" in answer.text
    assert "確認導入3項" in answer.text
    assert entries() == before
    told = taken(foshan, shown(answer))
    assert "已導入，逐項記入辦理記錄。" in told.text
    with desk_ledger.read() as conn:
        assert life.latest(conn, [REPORT])[REPORT] == ("已組織\n<兩批>企業", "場地不足", "六月回訪")
    assert entries() == before + 3
    again = taken(foshan, shown(answer))
    assert again.status_code == 409
    assert entries() == before + 3


def test_a_file_nobody_filled_in_changes_nothing(signed_in):
    foshan = signed_in("foshan/officer")
    answer = brought(foshan, filled(foshan))
    assert "沒有變動。" in answer.text
    assert not shown(answer)


def test_what_cannot_be_taken_is_told_by_its_cell_and_nothing_is_offered(signed_in):
    foshan = signed_in("foshan/officer")
    answer = brought(foshan, filled(foshan, H="=1+1", J="六月回訪"))
    assert re.search(
        r"<th scope=\"row\">督辦台賬!H\d+</th><td>單元格是公式；請直接填寫文字。", answer.text
    )
    assert not shown(answer)


def test_the_office_brings_in_the_word_of_an_agency_and_every_page_says_so(signed_in):
    chen = signed_in("chen")
    answer = brought(chen, filled(chen, H="已完成"), "佛山來件.xlsx")
    assert "記為佛山市人民政府報送、辦公室代錄" in answer.text
    fields = {"changes": shown(answer), "name": "佛山來件.xlsx"}
    chen.post_form("/import/take", shown_on="/import", **fields)
    page = chen.get(f"/duty/{REPORT}").text
    assert page.count("佛山市人民政府報送，辦公室據「佛山來件.xlsx」代錄") == 2


def test_an_edited_due_date_is_shown_and_not_taken(signed_in):
    foshan = signed_in("foshan/officer")
    answer = brought(foshan, filled(foshan, G="2014-12-31"))
    assert "不會導入的改動" in answer.text
    assert re.search(
        r"督辦台賬!G\d+</th><td>時限</td><td>[\d-]+</td><td class=.pre.>2014-12-31", answer.text
    )
    assert not shown(answer)


def test_a_stranger_is_told_there_is_no_such_duty(signed_in):
    content = filled(signed_in("foshan/officer"), H="已完成")
    answer = brought(signed_in("zhou"), content)
    assert "沒有這個事項" in answer.text


@pytest.mark.parametrize(("name", "content"), [("a.xlsx", b"x"), ("a.xlsx", b""), ("a.txt", b"x")])
def test_a_file_of_another_kind_is_refused_at_its_field(signed_in, name, content):
    answer = brought(signed_in("foshan/officer"), content, name)
    assert answer.status_code == 422
    assert 'id="workbook-wrong"' in answer.text


def test_no_file_is_refused_at_its_field(signed_in):
    answer = signed_in("foshan/officer").post_form("/import")
    assert answer.status_code == 422
    assert "請選擇文件。" in answer.text


@pytest.mark.parametrize("changes", ["", "[", "{}", '[["a","closed_on","b","c","d"]]', "[[1]]"])
def test_what_no_preview_showed_is_refused(signed_in, changes):
    assert taken(signed_in("foshan/officer"), changes).status_code == 422


def test_a_forged_form_does_no_more_than_its_sender_may(signed_in, desk_ledger, entries):
    with desk_ledger.read() as conn:
        foreign = next(
            d.key for d in duties.listed(conn) if d.performer == "foshan" and d.opened_on
        )
    before = entries()
    for key in (foreign, "guangdong-2013/99.nothing/-/2099"):
        answer = taken(signed_in("zhou"), json.dumps([["台賬!H2", "progress", key, "", "甲"]]))
        assert answer.status_code == 409
        assert "沒有這個事項" in answer.text
    assert entries() == before


def test_a_reviewer_brings_nothing(signed_in):
    assert signed_in("he").get("/import").status_code == 403
