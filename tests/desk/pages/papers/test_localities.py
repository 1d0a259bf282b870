"""Pages of the figures of localities: shares, basic data, the evaluation and its circular."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from docx import Document
from openpyxl import load_workbook

from desk.access import signin
from desk.app import create_app
from ledger.reports import localities
from tests.desk.localities import TASKS, TODAY, live_localities
from tests.desk.visitors import TOKEN, Browser
from tests.localities import CODE, city

AT = dt.datetime(2015, 3, 2, 2, 0, tzinfo=dt.UTC)
SHARES = f"/duty/{TASKS}/shares"


@pytest.fixture
def people(ledger, home, database):
    """Return a browser in which somebody of the small world is signed in."""
    live_localities(ledger, 4)
    app = create_app(database.settings(home), clock=lambda: AT)

    def signed_in(user):
        browser = Browser(app)
        with app.state.desk.ledger.transaction() as tx:
            browser.cookies.set("duban", signin.begin(tx, f"{user}/officer", at=AT, proved=True))
        return browser

    yield signed_in
    app.state.desk.ledger.close()


def values(ledger):
    with ledger.read() as conn:
        return {(v.agency, v.indicator): v.value for v in localities.values(conn, CODE, year=2014)}


def upload(browser, path, content, shown_on, **fields):
    token = TOKEN.search(browser.get(shown_on).text)[1]
    files = {"workbook": ("數據.xlsx", content)}
    return browser.post(path, data={"token": token, **fields}, files=files)


def filled(content, **cells):
    """Return a workbook with other cells."""
    book = load_workbook(io.BytesIO(content))
    for place, value in cells.items():
        book.worksheets[0][place] = value
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def test_the_office_sees_who_is_missing(people):
    page = people("office").get("/indicators?year=2014").text
    assert "2014年有1個地方缺報數據，共4個" in page
    assert "汕市人民政府" in page


def test_a_locality_sees_and_reports_its_own(people, ledger):
    own = people(city(3))
    page = own.get("/indicators?year=2014")
    assert "汕市人民政府" in page.text
    assert "穗市人民政府" not in page.text
    fields = {f"figures/{city(3)}/{name}": "7" for name in ("schemes", "fees", "platforms")}
    wrong = own.post_form("/indicators?year=2014", **fields)
    assert (wrong.status_code, wrong.text.count("請註明數據來源")) == (422, 3)
    fields[f"figures/{city(3)}/source"] = "年報"
    assert own.post_form("/indicators?year=2014", **fields).status_code == 200
    assert values(ledger)[city(3), "fees"] == "7"


def test_a_locality_cannot_report_for_another(people):
    fields = {f"figures/{city(0)}/fees": "7", f"figures/{city(0)}/source": "年報"}
    assert people(city(3)).post_form("/indicators?year=2014", **fields).status_code == 422


def test_a_sheet_goes_out_and_comes_back_with_what_was_filled_in(people, ledger):
    office = people("office")
    sheet = office.get("/indicators.xlsx?year=2014").content
    content = filled(sheet, B5=3, C5=900, D5=4, E5=12.5, F5="年報", B2=99)
    answer = upload(office, "/indicators/import?year=2014", content, "/indicators?year=2014")
    assert answer.status_code == 200
    now = values(ledger)
    assert (now[city(3), "brands"], now[city(0), "schemes"]) == ("12.5", "99")
    assert "全部報齊" in answer.text


def test_every_cell_that_cannot_be_read_is_named_and_nothing_is_taken(people, ledger):
    office, before = people("office"), values(ledger)
    sheet = office.get("/indicators.xlsx?year=2014").content
    content = filled(sheet, B2="很多", C3="—", B4=17)
    answer = upload(office, "/indicators/import?year=2014", content, "/indicators?year=2014")
    assert answer.status_code == 422
    assert "2014!B2" in answer.text
    assert "2014!C3" in answer.text
    assert values(ledger) == before


@pytest.mark.parametrize(
    ("cell", "value"), [("A2", "火星市"), ("B1", "[1.dinners]"), ("B2", "=1+1")]
)
def test_a_sheet_with_a_strange_row_column_or_formula_is_refused(people, cell, value):
    office = people("office")
    content = filled(office.get("/indicators.xlsx?year=2014").content, **{cell: value})
    answer = upload(office, "/indicators/import?year=2014", content, "/indicators?year=2014")
    assert answer.status_code == 422
    assert f"2014!B{cell[1]}" in answer.text or f"2014!{cell}" in answer.text or cell == "B1"


def test_the_lead_changes_a_share_in_the_form_and_gives_a_reason_where_it_is_short(people, ledger):
    trade = people("trade")
    assert "2014年分解數" in trade.get(SHARES).text
    fields = {f"figures/{city(n)}/1.invest": "9" for n in range(4)}
    short = trade.post_form(SHARES, **fields)
    assert (short.status_code, "不足應達的 40.00" in short.text) == (422, True)
    assert trade.post_form(SHARES, **fields, reason="調減").status_code == 200
    with ledger.read() as conn:
        last = [s for s in localities.shares(conn, CODE) if s.party == city(0)][-1]
    assert (last.value, last.number, last.reason) == ("9", 2, "調減")


def test_shares_come_by_excel_as_well(people, ledger):
    trade = people("trade")
    content = filled(trade.get(f"{SHARES}.xlsx").content, B2=12.5)
    assert upload(trade, f"{SHARES}/import", content, SHARES).status_code == 200
    with ledger.read() as conn:
        assert [s for s in localities.shares(conn, CODE) if s.party == city(0)][-1].value == "12.5"
    wrong = upload(trade, f"{SHARES}/import", filled(content, B3="x"), SHARES)
    assert (wrong.status_code, "2014!B3" in wrong.text) == (422, True)


def test_a_party_sees_its_share_on_its_page_and_among_its_targets(people):
    own = people(city(1))
    duty = own.get(f"/duty/{CODE}/1.invest/{city(1)}/2014").text
    assert "11億美元" in duty
    targets = own.get("/targets").text
    assert "深市人民政府" in targets
    assert "穗市人民政府" not in targets
    assert own.get(SHARES).status_code == 404
    listed = own.get("/ledger.csv").text
    assert "報告年度數據:新增投資（分解指標：11億美元）" in listed


def test_the_lead_sees_all_parties_and_who_is_silent(people):
    page = people("trade").get("/targets").text
    assert "2014年尚未報數：汕市人民政府" in page
    assert "各單位合計" in page


def test_the_evaluation_names_gaps_and_rewards(people):
    page = people("office").get("/evaluation?year=2014").text
    assert "未報任何基礎數據、不予排名的：汕市人民政府" in page
    assert "粵府〔2015〕9號" in page
    assert "基礎數據：制度創新" in page


def test_the_office_records_a_reward_on_the_page(people, ledger):
    office, path = people("office"), "/evaluation/2014/rewards"
    shown = "/evaluation?year=2014"
    fields = {"agency": city(1), "text": "表揚"}
    assert office.post_form(path, shown_on=shown, **fields).status_code == 422
    assert office.post_form(path, shown_on=shown, **fields, document="文").status_code == 200
    with ledger.read() as conn:
        assert [r.agency for r in localities.rewards(conn, CODE, year=2014)] == [city(0), city(1)]


def test_the_circular_of_the_results_is_drafted_worded_and_released(people):
    office = people("office")
    page = office.post_form("/circulars", span="2014").text
    assert "關於2014年度各地落實情況評價結果的通報" in page
    assert "排名靠前的經驗" in page
    said = office.post_form("/circulars/2014/words", shown_on="/circulars/2014", asked="下月報送。")
    assert "下月報送。" in said.text
    assert people(city(0)).get("/circulars/2014").status_code == 404
    released = office.post_form("/circulars/2014/release", shown_on="/circulars/2014")
    assert "督辦通報〔2015〕1號" in released.text
    assert people(city(0)).get("/circulars/2014").status_code == 200
    word = Document(io.BytesIO(office.get("/circulars/2014/word").content))
    assert any("評價結果的通報" in p.text for p in word.paragraphs)
    assert office.get("/circulars/2014/print").status_code == 200


def test_the_evaluation_stays_as_frozen_in_the_circular(people, ledger):
    office = people("office")
    office.post_form("/circulars", span="2014")
    fields = {f"figures/{city(3)}/{name}": "7" for name in ("schemes", "fees")}
    fields[f"figures/{city(3)}/source"] = "年報"
    office.post_form("/indicators?year=2014", **fields)
    assert "汕市人民政府" in office.get("/circulars/2014").text
    assert values(ledger)[city(3), "schemes"] == "7"
    assert str(TODAY.year) in office.get("/circulars").text


def test_the_yearly_report_is_drafted_from_the_evaluation(people):
    trade, key = people("trade"), f"/duty/{CODE}/4.report/-/2014"
    assert f"{key}/evaluation" in trade.get(key).text
    assert "排名靠前的經驗" in trade.get(f"{key}/evaluation").text
    word = Document(io.BytesIO(trade.get(f"{key}/evaluation/word").content))
    assert any("獎勵" in p.text for p in word.paragraphs)
    assert trade.get("/evaluation?year=2014").status_code == 403
    assert people(city(0)).get(f"{key}/evaluation").status_code == 404
    assert trade.get(f"/duty/{TASKS}/evaluation").status_code == 404


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_page_of_localities_speaks_every_language(people, language):
    office = people("office")
    office.post_form("/circulars", span="2014")
    office.headers["Accept-Language"] = language
    key = f"/duty/{CODE}/4.report/-/2014"
    pages = ("/indicators?year=2014", "/evaluation?year=2014", "/circulars/2014", "/targets")
    for path in (*pages, SHARES, key, f"{key}/evaluation", f"/duty/{TASKS}"):
        answer = office.get(path)
        assert answer.status_code == 200, path
        assert '<html lang="zh-Hant"' not in answer.text


def test_the_record_tells_what_was_reported(people):
    page = people("reviewer").get("/audit").text
    for said in ("報送基礎數據", "記錄獎勵"):
        assert said in page
