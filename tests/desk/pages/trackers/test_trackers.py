"""A spreadsheet at the desk: its columns, its rows, what is asked, and what it became."""

from __future__ import annotations

import html
import io
import re

import pytest
from openpyxl import load_workbook

from desk.access import signin
from desk.app import create_app
from tasks.past.listing import past
from tests.desk.visitors import TOKEN, Browser
from tests.in_mid_plan import book, key, mid_plan
from tests.world import PostOffice, World, sweep_instant

ROWS = [
    (1, "完成第1項改造", "省外經貿廳", "2013年9月8日", "已完成", "2013.9.5", ""),
    (2, "完成第2項改造", "省外經貿廳", "2013年9月15日", "已完成", "", ""),
    (3, "完成第三項的改造", "省外經貿廳", "", "未完成", "", "<b>經費</b>未落實"),
    (4, "推進第1項建設", "省外經貿廳", "", "", "", ""),
]
FIELD = re.compile(r'<(?:input|select)[^>]*? name="(a[0-9a-f]{16})"')


class Desk:
    """The desk of a small plan in its middle."""

    def __init__(self, app, world, clock):
        self.app, self.world, self.clock = app, world, clock

    def signed_in(self, user):
        browser = Browser(self.app)
        with self.app.state.desk.ledger.transaction() as tx:
            browser.cookies.set("duban", signin.begin(tx, user, at=self.clock(), proved=True))
        return browser


@pytest.fixture
def desk(home, database, tmp_path, clock):
    ledger = database.open(home)
    world = World(ledger, PostOffice())
    mid_plan(world, tmp_path, past=3)
    clock.at = sweep_instant("Asia/Shanghai", world.today)
    app = create_app(database.settings(home), clock=clock)
    yield Desk(app, world, clock)
    app.state.desk.ledger.close()
    ledger.close()


@pytest.fixture
def chen(desk):
    return desk.signed_in("office/officer")


def begun(browser, content, use="past", name="台賬.xlsx"):
    """Upload a spreadsheet and return its address."""
    token = TOKEN.search(browser.get("/trackers").text)[1]
    data, files = {"token": token, "use": use}, {"upload": (name, content)}
    answer = browser.post("/trackers", data=data, files=files, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def mapped(browser, at):
    """Confirm the columns as they were guessed; return the preview."""
    page = browser.get(at).text
    chosen = re.findall(r'name="(column-\d+)">.*?</select>', page, re.DOTALL)
    options = dict(re.findall(r'name="(column-\d+)"><.*?<option value="(\w+)" selected', page))
    fields = {name: options.get(name, "") for name in chosen}
    return browser.post_form(at, shown_on=at, **fields)


def fields_of(page, place):
    """Return the names of the open questions of a row, in order."""
    row = re.search(
        rf'<input type="hidden" name="row" value="{re.escape(place)}">.*?</li>', page, re.DOTALL
    )
    asked = row[0].partition("<details")[0]
    return FIELD.findall(asked), re.search(r'name="(a\w+)" value="yes"', row[0])


def every_row(page):
    return re.findall(r'name="row" value="([^"]*)"', page)


def test_a_spreadsheet_settles_the_past_without_a_command_line(desk, chen):
    at = begun(chen, book(ROWS))
    page = chen.get(at).text
    assert "完成情況" in page
    assert '<option value="done" selected>' in page
    preview = mapped(chen, at)
    assert str(preview.url).endswith("/rows")
    assert "推進第1項建設" in preview.text
    assert "記為未完成" not in preview.text
    assert "<b>經費" not in preview.text
    second, _ = fields_of(preview.text, "台賬!4")
    third, _ = fields_of(preview.text, "台賬!5")
    assert (len(second), len(third)) == (1, 1)

    answers = {second[0]: "2013年9月12日", third[0]: key(desk.world, "past3")}
    saved = chen.post_form(f"{at}/rows", shown_on=at, row=every_row(preview.text), **answers)
    assert "已保存。" in saved.text
    assert "記為未完成：&lt;b&gt;經費&lt;/b&gt;未落實" in saved.text
    assert "導入3行" in saved.text
    receipt = chen.post_form(f"{at}/rows", shown_on=at, do="take")
    assert "已登記3項到期事項的結果。" in receipt.text
    assert "1行未導入" in receipt.text
    assert "台賬.xlsx" in receipt.text
    with desk.world.ledger.read() as conn:
        assert past(conn, "small-2013") == []
    assert chen.get(f"{at}/receipt").status_code == 200
    assert "尚未完成" not in chen.get("/trackers").text
    assert chen.get(f"{at}/rows").status_code in {404, 409, 422}


def test_a_refused_row_is_told_at_its_place_and_nothing_typed_is_lost(desk, chen):
    rows = [ROWS[0], (2, "完成第2項改造", "省外經貿廳", "", "已完成", "2031-01-01", "")]
    at = begun(chen, book(rows))
    preview = mapped(chen, at)
    assert "有1行不能導入" in preview.text
    assert "2031年1月1日" in preview.text
    day = re.search(r'value="2031-01-01"[^>]*', preview.text)
    names = FIELD.findall(preview.text)
    name = next(n for n in names if f'name="{n}" value="2031-01-01"' in preview.text)
    assert day
    rows_ = every_row(preview.text)
    again = chen.post_form(f"{at}/rows", shown_on=at, row=rows_, do="take", **{name: "2013-09-3x"})
    assert again.status_code == 422
    saved = chen.get(f"{at}/rows").text
    assert "哪一天完成？" in saved.partition("<details")[2]
    _, leave = fields_of(saved, "台賬!4")
    done = chen.post_form(f"{at}/rows", shown_on=at, row=rows_, do="take", **{leave[1]: "yes"})
    assert "已登記1項" in done.text
    with desk.world.ledger.read() as conn:
        assert len(past(conn, "small-2013")) == 2


def test_a_preview_that_was_left_is_resumed_or_discarded(chen):
    at = begun(chen, book(ROWS))
    assert f'href="{at}/rows"' in chen.get("/trackers").text
    assert chen.get(f"{at}/rows").status_code == 200
    assert "已放棄。" in chen.post_form(f"{at}/drop", shown_on="/trackers").text
    assert f'href="{at}/rows"' not in chen.get("/trackers").text


def test_another_row_of_heads_is_read_anew(chen):
    at = begun(chen, book(ROWS))
    answer = chen.post_form(f"{at}/sheet", shown_on=at, sheet="台賬", heads="1")
    assert "2014年督辦台賬" in answer.text
    assert chen.post_form(f"{at}/sheet", shown_on=at, sheet="台賬", heads="99").status_code == 422
    assert chen.post_form(at, shown_on=at, **{"column-0": "nosuch"}).status_code == 422
    without = chen.post_form(at, shown_on=at, **{"column-0": "number"})
    assert "請指明哪一欄是事項。" in without.text


def test_an_agency_brings_progress_and_nothing_else(desk):
    trade = desk.signed_in("trade/officer")
    page = trade.get("/trackers").text
    assert 'value="progress"' in page
    assert 'value="past"' not in page
    content = book([("推進第1項建設", "已開工")], heads=("工作事項", "進展情況"))
    at = begun(trade, content, "progress")
    mapped(trade, at)
    assert "已記錄1項事項的進展。" in trade.post_form(f"{at}/rows", shown_on=at, do="take").text
    token = TOKEN.search(page)[1]
    data, files = {"token": token, "use": "past"}, {"upload": ("a.xlsx", book(ROWS))}
    assert trade.post("/trackers", data=data, files=files).status_code == 422
    assert desk.signed_in("reviewer/officer").get("/trackers").status_code == 403


def test_nobody_sees_the_spreadsheet_of_another(desk, chen):
    at = begun(chen, book(ROWS))
    trade = desk.signed_in("trade/officer")
    for path in (at, f"{at}/rows", f"{at}/receipt"):
        assert trade.get(path).status_code == 404


def test_a_spreadsheet_becomes_the_draft_of_a_plan(chen):
    at = begun(chen, book(ROWS[:2]), "plan")
    assert chen.get(f"{at}/rows").status_code == 404
    page = chen.get(at).text
    chosen = dict(re.findall(r'name="(column-\d+)"><.*?<option value="(\w+)" selected', page))
    assert chen.post_form(at, shown_on=at, **chosen).status_code == 422
    draft = chen.post_form(at, shown_on=at, **chosen, code="old-works")
    assert "/plans/drafts/" in str(draft.url)
    assert "完成第1項改造" in draft.text
    assert f'href="{at}"' not in chen.get("/trackers").text


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02\x03", b"\x89PNG\r\n\x1a\n"])
def test_a_file_that_is_no_spreadsheet_is_refused_at_its_field(chen, content):
    token = TOKEN.search(chen.get("/trackers").text)[1]
    data, files = {"token": token, "use": "past"}, {"upload": ("a.xlsx", io.BytesIO(content))}
    answer = chen.post("/trackers", data=data, files=files)
    assert answer.status_code == 422
    assert 'id="upload-wrong"' in answer.text


@pytest.mark.parametrize("use", ["past", "duties", "progress"])
def test_a_blank_workbook_comes_back_with_its_columns_known(chen, use):
    content = chen.get(f"/trackers/blank/{use}.xlsx").content
    made = load_workbook(io.BytesIO(content))
    sheet, examples, agencies = made.worksheets
    assert "省外經貿廳" in [row[0] for row in agencies.iter_rows(values_only=True)]
    assert sheet.data_validations.dataValidation
    for number, row in enumerate(examples.iter_rows(min_row=2, values_only=True), 2):
        for column, text in enumerate(row, 1):
            sheet.cell(number, column).value = text
    file = io.BytesIO()
    made.save(file)
    file.seek(0)
    page = html.unescape(chen.get(begun(chen, file, use)).text)
    assert "不讀取</option><option" in page
    unread = re.findall(r'<option value="">不讀取</option>(?:(?!</select>).)*', page, re.DOTALL)
    assert [row for row in unread if "selected" not in row] == []
