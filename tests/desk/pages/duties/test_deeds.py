"""Deeds from pages: the same functions, the rule at its field, a receipt with number and hash."""

from __future__ import annotations

import datetime as dt
import io
import re
import tomllib

import pytest

from catalog.duties.deeds import DEEDS
from catalog.duties.refusal import names
from catalog.errors import ConflictError
from catalog.wording import languages, texts
from catalog.wording.language import FOLDER
from desk.duties.forms import FORMS
from desk.web import forms
from ledger.duties import duties, life
from ledger.proof import chain
from tasks.demo.evidence import papers

REPORT = "guangdong-2013/18.going-abroad/foshan/2013-H2"  # 省外經貿廳 leads, 佛山市 performs
FOSHAN = "foshan/officer"
MEETING = "guangdong-2013/40.meeting/-/2014"
SILENT = "guangdong-2013/18.going-abroad/zhaoqing/2013-H2"
READING = "guangdong-2013/1.transfer-value/-/2013"
UNTIL = dt.date(2014, 1, 24)
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')


def do(browser, key, deed, **fields):
    return browser.post_form(f"/duty/{key}/do/{deed}", shown_on=f"/duty/{key}", **fields)


def send(browser, key, deed, fields, files):
    token = TOKEN.search(browser.get(f"/duty/{key}").text)[1]
    return browser.post(f"/duty/{key}/do/{deed}", data={"token": token, **fields}, files=files)


def duty(ledger, key):
    with ledger.read() as conn:
        return duties.one(conn, key)


@pytest.fixture
def pdf(desk_ledger):
    """Return the bytes of a real PDF."""

    def _pdf(label, on):
        with papers(desk_ledger, [label], "會議", on=on) as files:
            return files[0].staged.read_bytes()

    return _pdf


def test_every_deed_of_the_table_has_a_form_but_those_of_slips():
    assert set(FORMS) == set(DEEDS) - {"release-slip", "withdraw-slip"}


@pytest.mark.parametrize("lang", languages())
def test_every_rule_has_its_words_in_each_language(lang):
    said = [forms.refusal(ConflictError(f"rule-{name}"), lang).errors for name in names()]
    assert all(text for errors in said for text in errors.values())
    assert not [text for errors in said for text in errors.values() if "--" in text]


@pytest.mark.parametrize("lang", languages())
def test_every_deed_and_field_has_its_words_in_each_language(lang):
    wanted = {f"deeds.{name}.{part}" for name in FORMS for part in ("do", "how")}
    wanted |= {
        f"deeds.{name}.{field.name}"
        for name, deed in FORMS.items()
        for field in deed.fields
        if field.kind != "hidden"
    }
    assert wanted <= set(texts(lang))


@pytest.mark.both
def test_a_whole_life_is_led_from_pages(signed_in, desk_ledger):
    agency, lead, office = signed_in(FOSHAN), signed_in("wu"), signed_in("chen")
    life_ = [
        (agency, "progress", {"text": "已開展前期調研"}),
        (agency, "ask-extension", {"to": "2014-07-31", "reason": "需徵求意見"}),
        (office, "grant-extension", {}),
        (agency, "raise-problem", {"text": "缺乏用地"}),
        (office, "answer-problem", {"number": "1", "text": "已協調"}),
        (office, "suspend", {"reason": "待上級文件"}),
        (office, "resume", {}),
        (agency, "file", {"summary": "已完成"}),
        (lead, "return", {"reason": "缺數據"}),
        (agency, "file", {"summary": "已補數據"}),
        (lead, "accept", {}),
        (office, "close", {}),
        (agency, "comment", {"text": "謝謝"}),
    ]
    for who, deed, fields in life_:
        answer = do(who, REPORT, deed, **fields)
        assert (deed, answer.status_code) == (deed, 200)
        assert "/receipt/" in str(answer.url), deed
    closed = duty(desk_ledger, REPORT)
    assert (closed.closed_as, closed.filings, closed.due_version) == ("done", 2, 3)


def test_a_receipt_shows_number_and_hash_of_the_entry(signed_in, desk_ledger):
    answer = do(signed_in(FOSHAN), REPORT, "progress", text="已開展前期調研")
    with desk_ledger.read() as conn:
        last = chain.head(conn)
    assert str(answer.url).endswith(f"/receipt/{last.entries}")
    assert last.head in answer.text


def test_a_receipt_shows_the_date_asked_for_and_the_date_that_moved(signed_in):
    fields = {"to": "2014-07-31", "reason": "需徵求意見"}
    asked = do(signed_in(FOSHAN), REPORT, "ask-extension", **fields).text
    granted = do(signed_in("chen"), REPORT, "grant-extension").text
    moved = granted.partition("<dl")[2].partition("</dl>")[0]

    assert "<dt>申請延至</dt><dd>2014年7月31日" in asked
    assert "<ins>2014年7月31日" in moved


def test_a_silent_agency_signs(signed_in, desk_ledger):
    do(signed_in("zhaoqing/officer"), SILENT, "acknowledge")
    assert duty(desk_ledger, SILENT).acknowledged_on == UNTIL


@pytest.mark.parametrize(
    ("user", "deed", "fields", "told"),
    [
        (FOSHAN, "progress", {"text": "  "}, ("text", "請填寫內容。")),
        (FOSHAN, "ask-extension", {"reason": "缺時間"}, ("to", "請填寫日期或選擇單位。")),
        (
            FOSHAN,
            "ask-extension",
            {"to": "2014-01-01", "reason": "缺"},
            ("to", "新期限須晚於原期限"),
        ),
        (FOSHAN, "ask-extension", {"to": "明天", "reason": "缺"}, ("to", "明天 不是日期")),
        ("chen", "reassign", {"to": "nobody", "reason": "改派"}, ("to", "沒有「nobody」這個單位")),
        ("chen", "waive", {"reason": "併入"}, ("document", "請註明所依據的文件。")),
    ],
)
def test_a_refusal_stands_at_its_field_and_keeps_what_was_typed(
    signed_in, user, deed, fields, told
):
    at, words = told
    answer = do(signed_in(user), REPORT, deed, **fields)
    assert answer.status_code == 422
    assert f'id="{at}-wrong">{words}' in answer.text
    assert f'<a href="#{at}">{words}' in answer.text
    assert all(value in answer.text for value in fields.values() if value.strip())


def test_a_deed_that_is_not_ones_own_is_refused_in_words_and_leaves_no_trace(
    signed_in, desk_ledger
):
    answer = do(signed_in(FOSHAN), REPORT, "close")
    assert answer.status_code == 422
    assert "只有協調辦公室可以辦理。" in answer.text
    assert duty(desk_ledger, REPORT).closed_on is None


@pytest.mark.both
def test_a_meeting_is_filed_with_its_papers(signed_in, desk_ledger, pdf):
    lead, on = signed_in("wu"), duty(desk_ledger, MEETING).opens_on
    minutes = ("紀要.pdf", io.BytesIO(pdf("minutes", on)), "application/pdf")
    lacking = send(lead, MEETING, "file", {"summary": "已召開"}, {"file-minutes": minutes})
    assert 'id="file-attendance-wrong">請附簽到表。' in lacking.text
    minutes = ("紀要.pdf", io.BytesIO(pdf("minutes", on)), "application/pdf")
    attendance = ("簽到表.pdf", io.BytesIO(pdf("attendance", on)), "application/pdf")
    files = {"file-minutes": minutes, "file-attendance": attendance}
    receipt = send(lead, MEETING, "file", {"summary": "已召開"}, files)
    with desk_ledger.read() as conn:
        kept = life.evidence(conn, MEETING)
    assert {file.name for file in kept} == {"紀要.pdf", "簽到表.pdf"}
    assert all(file.sha256 in receipt.text for file in kept)


def test_a_file_that_is_not_what_it_says_is_refused_at_its_field(signed_in):
    fake = ("紀要.pdf", io.BytesIO(b"MZ not a paper"), "application/pdf")
    fields = {"title": "第一次會議"}
    answer = send(signed_in("wu"), MEETING, "deliver-item", fields, {"file-minutes": fake})
    assert answer.status_code == 422
    assert 'id="file-minutes-wrong"' in answer.text
    assert 'value="第一次會議"' in answer.text


def test_a_filing_states_the_day_of_doing_and_the_office_sees_it(signed_in, desk_ledger):
    agency, office = signed_in(FOSHAN), signed_in("chen")
    early = do(agency, REPORT, "file", summary="已補數據", done_on="2013-01-04")
    assert 'id="done_on-wrong">2013-01-04' in early.text
    do(agency, REPORT, "file", summary="已補數據", done_on="2013-12-27")
    assert "實際完成日期為2013年12月27日" in office.get(f"/duty/{REPORT}").text
    do(office, REPORT, "return", reason="缺附件")
    assert 'value="2013-12-27"' in agency.get(f"/duty/{REPORT}/do/file").text
    do(agency, REPORT, "file", summary="已補附件", done_on="2013-12-27")
    do(signed_in("wu"), REPORT, "accept")
    do(office, REPORT, "close")
    assert duty(desk_ledger, REPORT).done_on == dt.date(2013, 12, 27)
    for path in (f"/duty/{REPORT}", f"/duty/{REPORT}/print"):
        assert "實際完成日期" in office.get(path).text


def test_a_meeting_held_is_recorded_as_an_item(signed_in, desk_ledger):
    fields = {"title": "第一次會議", "held_on": "2014-01-20", "place": "廣州"}
    do(signed_in("wu"), MEETING, "deliver-item", **fields)
    assert duty(desk_ledger, MEETING).delivered == 1


@pytest.mark.both
def test_a_figure_is_reported_for_its_year(signed_in):
    answer = do(signed_in("wu"), READING, "report-reading", value="612.5", source="年度統計")
    assert "612.5 · 年度統計" in answer.text


def test_a_figure_that_is_none_is_refused_at_its_field(signed_in):
    answer = do(signed_in("wu"), READING, "report-reading", value="很多", source="年度統計")
    assert 'id="value-wrong">很多不是數字' in answer.text


def test_a_deed_may_lead_back_to_a_page_of_ours_only(signed_in):
    browser = signed_in(FOSHAN)
    back = do(browser, REPORT, "comment", text="一", then="/in")
    assert (back.url.path, "已記錄。" in back.text) == ("/in", True)
    away = do(browser, REPORT, "comment", text="二", then="//evil.example/")
    assert away.url.host == "127.0.0.1"


@pytest.mark.parametrize("deed", ["release-slip", "nothing"])
def test_what_is_no_deed_of_a_duty_is_not_there(signed_in, deed):
    assert do(signed_in("chen"), REPORT, deed).status_code == 404


def test_the_duty_of_another_is_not_there_for_any_deed(signed_in):
    browser = signed_in("zhou")
    for deed in FORMS:
        path = f"/duty/{REPORT}/do/{deed}"
        assert browser.get(path).status_code == 404
        assert browser.post_form(path, text="x").status_code == 404


def test_a_form_that_cannot_be_used_now_leads_to_the_duty(signed_in):
    answer = signed_in(FOSHAN).get(f"/duty/{REPORT}/do/acknowledge")
    assert answer.url.path == f"/duty/{REPORT}"


@pytest.mark.parametrize("number", ["", "7", "x", "9" * 40])
def test_a_problem_that_is_not_there_is_not_answered(signed_in, number):
    browser = signed_in("chen")
    assert browser.get(f"/duty/{REPORT}/do/answer-problem?number={number}").status_code == 200
    answer = do(browser, REPORT, "answer-problem", number=number, text="已協調")
    assert answer.status_code == 422


def test_every_form_opens_for_whoever_may_use_it(signed_in):
    for user, key in (("chen", REPORT), (FOSHAN, REPORT), ("wu", MEETING), ("wu", READING)):
        browser = signed_in(user)
        page = browser.get(f"/duty/{key}").text
        links = set(re.findall(rf'href="(/duty/{key}/do/[a-z-]+)"', page))
        assert links
        assert {browser.get(link).status_code for link in links} == {200}


def test_rules_are_listed_alike_in_each_language():
    found = [set(tomllib.loads(_rules(lang))) for lang in languages()]
    assert found[0] == found[1] == found[2]


def _rules(lang):
    return (FOLDER / lang / "duties" / "rule.toml").read_text(encoding="utf-8")
