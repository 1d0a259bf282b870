"""A document is uploaded, settled phrase by phrase on a page, and published with its difference."""

from __future__ import annotations

import html
import re

import pytest

from catalog.plans.load import PLANS
from ledger.plans import editions, plan_drafts
from ledger.proof import chain
from tests.desk.pages.plans.test_plan_upload import publish

HOME = "/plans/drafts"
TEXT = """\
廣東省試點行動計劃(2013-2015年)
2013年8月20日
一、任務
1.推進試點。2014年10月底前完成摸底,每年召開2次會議。(省外經貿廳、省財政廳負責)
2.清理檔案。近期完成清理。(省科技廳負責)
"""
REGISTER = (PLANS / "guangdong-2013.toml").read_text("utf-8").partition("[[measure]]")[0]


@pytest.fixture
def chen(signed_in):
    return signed_in("chen")


def upload(browser, text=TEXT, *, name="方案.txt", register=None, **fields):
    token = re.search(r'name="token" value="([0-9a-f]{64})"', browser.get("/account").text)
    files = {"upload": (name, text if isinstance(text, bytes) else text.encode(), "text/plain")}
    if register is not None:
        files["bodies"] = ("單位.toml", register.encode(), "application/toml")
    given = {"token": token[1] if token else "", "code": "pilot", "agencies": "guangdong-2013"}
    return browser.post(HOME, data=given | fields, files=files)


@pytest.fixture
def draft(chen):
    """The path of a draft just uploaded."""
    answer = upload(chen)
    assert answer.status_code == 200, answer.text
    return answer.url.path


def say(browser, draft, deed, about, **fields):
    return browser.post_form(f"{draft}/say", deed=deed, about=about, **fields)


def settle(browser, draft):
    say(browser, draft, "answer", "q1", reading="1")
    for about in ("1", "2", "plan"):
        say(browser, draft, "take", about)


def test_the_document_is_marked_and_each_phrase_leads_to_its_proposal(chen, draft):
    page = chen.get(draft).text
    assert re.search(r'href="#on-1-meeting"><mark>[^<]*每年召開2次會議', page)
    assert 'id="on-1-meeting"' in page
    assert "近期</q>" in page


def test_every_word_of_the_document_is_shown_once(chen, draft):
    shown = re.findall(
        r'<div class="card source"[^>]*>(.*?)</div>', chen.get(draft).text, re.DOTALL
    )
    told = html.unescape("".join(re.sub("<[^>]*>", "", part) for part in shown))
    assert re.sub(r"\s", "", told) == re.sub(r"\s", "", TEXT)


def test_progress_is_there_at_the_next_visit_for_every_officer(chen, draft):
    say(chen, draft, "take", "1")
    page = chen.get(HOME).text
    assert ">4/6<" in page or ">3/6<" in page
    assert draft in page


def test_nothing_is_published_before_every_phrase_is_settled(chen, draft, desk_ledger):
    say(chen, draft, "take", "1")
    name = draft.rpartition("/")[2]
    assert f"/plans/publish?draft={name}" not in chen.get(draft).text
    assert chen.get(f"/plans/publish?draft={name}").status_code == 409
    answer = chen.post_form("/plans/publish", draft=name, shown="0")
    assert answer.status_code == 409
    with desk_ledger.read() as conn:
        assert "pilot" not in {edition.plan for edition in editions.all_in_force(conn)}


def test_a_settled_draft_shows_its_difference_and_is_published(chen, draft, desk_ledger):
    settle(chen, draft)
    name = draft.rpartition("/")[2]
    assert f"/plans/publish?draft={name}" in chen.get(draft).text
    page = chen.get(f"/plans/publish?draft={name}").text
    answer = publish(chen, page)
    assert answer.url.path == "/plans"
    with desk_ledger.read() as conn:
        (entry,) = [e for e in chain.entries(conn) if e.subject == "pilot"]
        assert plan_drafts.open_(conn) == []
    said = entry.payload["source"]["said"]
    assert said[0][:2] == ["answer", "q1"]
    assert {by for _, _, _, by, _ in said} == {"chen"}


def test_a_correction_is_shown_and_settles(chen, draft):
    where = f"{draft}/correct/1.milestone"
    page = chen.get(where).text
    assert 'value="2014-10-31"' in page
    fields = {"title": "完成摸底", "kind": "milestone", "recurrence": "once", "basis": "plan"}
    answer = chen.post_form(where, **fields, due_on="2014-09-30", parties="wjmt")
    assert answer.url.path == draft
    assert "2014年9月30日" in answer.text


def test_the_lead_of_a_measure_is_corrected(chen, draft):
    chen.post_form(f"{draft}/correct/1", title="推進試點", lead="science", participants="finance")
    assert "省科技廳" in chen.get(f"{draft}/plan.toml").text
    assert 'lead = "science"' in chen.get(f"{draft}/plan.toml").text


def test_a_later_edition_of_a_plan_in_force_is_drafted_too(chen):
    draft = upload(chen, code="guangdong-2013").url.path
    fields = {"plan": "guangdong-2013", "title": "修訂", "office": "office", "edition": "2"}
    days = {"issued_on": "2013-08-05", "starts_on": "2013-01-01", "ends_on": "2015-12-31"}
    chen.post_form(f"{draft}/correct/plan", **fields, **days)
    assert "edition = 2" in chen.get(f"{draft}/plan.toml").text


def test_an_answer_is_offered_in_words(chen, draft):
    page = chen.get(draft).text
    assert "完成期限 2015年12月31日" in page
    assert "due_on =" not in page


def test_an_agency_that_is_missing_is_added_beside_its_question(chen):
    draft = upload(chen, TEXT.replace("省科技廳", "省檔案局")).url.path
    page = chen.get(draft).text
    assert "將「省檔案局」添加為單位" in page
    (ask,) = re.findall(r'value="(q\d+)"><button class="btn s" name="deed" value="name"', page)

    answer = say(chen, draft, "name", ask)

    assert "已添加該單位" in answer.text
    assert "添加為單位" not in answer.text


def test_what_cannot_be_read_is_told_at_its_field_and_stays(chen, draft):
    answer = chen.post_form(f"{draft}/correct/1.milestone", title="甲", due_on="明年")
    assert answer.status_code == 422
    assert 'id="due_on-wrong"' in answer.text
    assert 'value="明年"' in answer.text


def test_a_dropped_phrase_needs_its_reason(chen, draft):
    assert say(chen, draft, "drop", "1.meeting", reason=" ").status_code == 422
    assert "另文部署" in say(chen, draft, "drop", "1.meeting", reason="另文部署").text


def test_the_last_step_is_taken_back(chen, draft):
    say(chen, draft, "drop", "1.meeting", reason="另文部署")
    assert "另文部署" not in chen.post_form(f"{draft}/back").text
    assert chen.post_form(f"{draft}/back").status_code == 409


def test_a_draft_is_thrown_away(chen, draft):
    chen.post_form(f"{draft}/end")
    assert chen.get(draft).status_code == 404
    assert draft not in chen.get(HOME).text


def test_the_file_taken_along_holds_the_open_questions(chen, draft):
    answer = chen.get(f"{draft}/plan.toml")
    assert "[[questions]]" in answer.text
    assert "pilot.toml" in answer.headers["content-disposition"]


def test_a_register_that_is_brought_is_used(chen):
    answer = upload(chen, register=REGISTER.replace('id = "science"', 'id = "technology"'))
    assert 'lead = "technology"' in chen.get(f"{answer.url.path}/plan.toml").text


@pytest.mark.parametrize(
    ("content", "fields"),
    [
        (b"", {}),
        (b"PK\x03\x04 broken", {}),
        ("沒有編號的一段話。".encode(), {}),
        (TEXT, {"code": "Pilot 1"}),
        (TEXT, {"agencies": "nobody"}),
        (TEXT, {"register": "agency = 1"}),
    ],
)
def test_what_cannot_be_read_begins_no_draft(chen, desk_ledger, content, fields):
    assert upload(chen, content, **fields).status_code == 422
    with desk_ledger.read() as conn:
        assert plan_drafts.open_(conn) == []


@pytest.mark.parametrize(
    ("deed", "about", "status"),
    [("take", "9", 422), ("answer", "q1", 422), ("burn", "1", 422), ("take", "2.standing", 422)],
)
def test_what_does_not_fit_changes_nothing(chen, draft, deed, about, status):
    assert say(chen, draft, deed, about).status_code == status


def test_words_of_the_document_bring_no_markup_into_the_page(chen):
    page = upload(chen, TEXT.replace("完成摸底", "<img src=x>摸底")).text
    assert "<img" not in page


@pytest.mark.parametrize("user", ["li", "he", "lin"])
def test_only_the_office_settles(signed_in, user):
    assert signed_in(user).get(HOME).status_code == 403
    assert upload(signed_in(user)).status_code == 403


def test_an_obligation_the_reader_missed_is_added_at_its_measure(chen, draft):
    where = f"{draft}/add/obligation/2"
    assert where in chen.get(draft).text
    fields = {"title": "報送清理情況", "kind": "report", "recurrence": "once", "basis": "office"}
    answer = chen.post_form(where, **fields, says="清理檔案", due_on="2014-12-31")
    assert answer.url.path == draft
    assert re.search(r'href="#on-2-added-1"><mark>清理檔案', answer.text)


def test_words_the_document_has_not_are_told_at_their_field(chen, draft):
    where = f"{draft}/add/target/1"
    answer = chen.post_form(where, says="沒有的話", indicator="完成率", value="90", by="2015-12-31")
    assert answer.status_code == 422
    assert 'id="says-wrong"' in answer.text
    assert 'value="完成率"' in answer.text


@pytest.mark.parametrize("path", ["add/obligation/9", "add/aside/1", "add/plan/1"])
def test_nothing_else_can_be_added(chen, draft, path):
    assert chen.get(f"{draft}/{path}").status_code == 404


TRACKER = """\
2014年重點工作台賬,,,
序號,事項,責任單位,完成時限
1,推進試點,省外經貿廳、省財政廳,10月底前
2,清理檔案,省科技廳,6月前
3,報送總結,省水務廳,每季度
"""


def test_a_tracker_is_shown_task_by_task_with_its_questions(chen):
    answer = upload(chen, TRACKER, name="台賬.csv")
    assert answer.status_code == 200, answer.text
    page = answer.text
    assert "⟦台賬!3⟧" in page
    assert re.search(r'href="#on-1-task"><mark>10月底前', page)
    assert "省水務廳" in page
    say(chen, answer.url.path, "take", "1")
    stands = chen.get(answer.url.path).text
    assert stands != page
