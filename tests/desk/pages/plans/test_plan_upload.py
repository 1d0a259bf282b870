"""An uploaded plan is compared and then published, or refused whole with its file and line."""

from __future__ import annotations

import html
import io
import re

import pytest
from openpyxl import load_workbook

from catalog.plans import file
from catalog.plans.load import PLANS
from desk.plans import excel
from ledger.plans import editions

PLAN = "guangdong-2013"
TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
HIDDEN = re.compile(r'<input type="hidden" name="(shown|name|text|draft|counted)" value="([^"]*)"')
TEXT = (PLANS / f"{PLAN}.toml").read_text("utf-8")
SECOND = TEXT.replace("edition = 1", "edition = 2", 1).replace(
    "due_on = 2014-12-31", "due_on = 2014-09-30", 1
)


@pytest.fixture
def chen(signed_in):
    return signed_in("chen")


def upload(browser, text, name="plan.toml"):
    token = TOKEN.search(browser.get("/account").text)
    content = text if isinstance(text, bytes) else text.encode()
    files = {"upload": (name, content, "application/toml")}
    return browser.post("/plans/upload", data={"token": token[1] if token else ""}, files=files)


def workbook(text):
    content = io.BytesIO()
    excel.write(content, file.parse(text.encode(), "plan.toml"), lang="zh-Hant")
    return content


def publish(browser, page, **more):
    fields = {name: html.unescape(value) for name, value in HIDDEN.findall(page)}
    if "counted" in fields:  # of a first edition: it starts on the day that the page counted for
        fields |= {"start_on": fields["counted"], "knowingly": "1"}
    return browser.post_form("/plans/publish", **fields, **more)


def in_force(ledger):
    with ledger.read() as conn:
        return {edition.plan: edition.edition for edition in editions.all_in_force(conn)}


def test_the_difference_of_a_file_is_shown_and_nothing_is_kept(chen, desk_ledger):
    answer = upload(chen, SECOND)
    assert answer.status_code == 200
    assert "2014年9月30日" in answer.text
    assert in_force(desk_ledger) == {PLAN: 1}


def test_what_was_shown_of_the_file_is_published(chen, desk_ledger):
    answer = publish(chen, upload(chen, SECOND).text)
    assert answer.url.path == "/plans"
    assert "第2版" in answer.text
    assert in_force(desk_ledger) == {PLAN: 2}


def test_another_plan_is_published_beside_the_one_in_force(chen, desk_ledger):
    other = TEXT.replace(f'plan = "{PLAN}"', 'plan = "another-2013"', 1)
    publish(chen, upload(chen, other).text)
    assert in_force(desk_ledger) == {PLAN: 1, "another-2013": 1}
    with desk_ledger.read() as conn:
        assert all(edition.is_demo for edition in editions.all_in_force(conn))


def test_a_text_other_than_the_one_shown_is_shown_first(chen, desk_ledger):
    page = upload(chen, SECOND).text
    answer = publish(chen, page.replace("2014-09-30", "2014-10-31"))
    assert (answer.status_code, in_force(desk_ledger)) == (409, {PLAN: 1})
    assert "2014年10月31日" in answer.text


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("2014-12-31", "2014-09-30", 1)])
def test_an_edition_that_is_not_higher_is_refused_with_the_rule(chen, desk_ledger, text):
    answer = upload(chen, text)
    assert (answer.status_code, in_force(desk_ledger)) == (409, {PLAN: 1})
    assert "第1版已生效；只有版次更高的文本才能修訂它" in answer.text


LEAD = 'lead = "wjmt"'


def test_a_workbook_that_was_corrected_is_compared_and_published(chen, desk_ledger):
    answer = upload(chen, workbook(SECOND).getvalue(), "計劃.xlsx")
    assert "2014年9月30日" in answer.text
    assert publish(chen, answer.text).url.path == "/plans"
    assert in_force(desk_ledger) == {PLAN: 2}


def test_a_fault_of_a_workbook_is_told_with_its_cell(chen, desk_ledger):
    book = load_workbook(workbook(SECOND))
    book["措施"]["E2"] = "某局"
    content = io.BytesIO()
    book.save(content)
    answer = upload(chen, content.getvalue(), "計劃.xlsx")
    assert (answer.status_code, in_force(desk_ledger)) == (422, {PLAN: 1})
    assert "措施!E2" in answer.text


BAD = {
    "syntax": (LEAD, "lead = wjmt"),
    "unknown key": (LEAD, f"{LEAD}\nleader = 1"),
    "double key": (LEAD, f"{LEAD}\n{LEAD}"),
    "30 February": ("due_on = 2014-12-31", "due_on = 2014-02-30"),
    "unknown agency": (LEAD, 'lead = "nobody"'),
    "circle": ("members = [", 'members = ["prd", '),
}


@pytest.mark.parametrize(("old", "new"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_whole_with_its_name_and_line(chen, desk_ledger, old, new):
    assert old in SECOND
    text = SECOND.replace(old, new, 1)
    line = SECOND[: SECOND.index(old)].count("\n") + 1
    answer = upload(chen, text, "修訂.toml")
    assert (answer.status_code, in_force(desk_ledger)) == (422, {PLAN: 1})
    assert re.search(rf"修訂\.toml:({line}|{line + 1})\b", answer.text)
    assert HIDDEN.findall(answer.text) == []


@pytest.mark.parametrize(
    "content", [b"#" * 10_000_000, b"", SECOND.encode("gb18030"), b"\x00" * 9, b"[" * 9000]
)
def test_a_file_that_is_no_plan_is_refused_at_once(chen, desk_ledger, content):
    answer = upload(chen, content)
    assert (answer.status_code, in_force(desk_ledger)) == (422, {PLAN: 1})
    assert "plan.toml:" in answer.text


def test_the_name_of_a_file_brings_nothing_into_the_page(chen):
    answer = upload(chen, "x", '../<img src=x onerror="y">.toml')
    assert answer.status_code == 422
    assert "<img" not in answer.text


@pytest.mark.parametrize("user", ["li", "he", "lin"])
def test_only_the_office_uploads(signed_in, user):
    assert upload(signed_in(user), SECOND).status_code == 403
