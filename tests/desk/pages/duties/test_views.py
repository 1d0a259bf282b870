"""A list of the ledger kept under a name: one's own, counted now, renamed, deleted, had back."""

from __future__ import annotations

import html
import re

import pytest

from ledger.people import drafts_and_views

CHIP = re.compile(
    r'<a class="chip own" href="([^"]+)"[^>]*>([^<]+?)(?: <span class="n">(\d+)</span>)?</a>'
)
UNDO = re.compile(r'action="(/views/[0-9a-f]{32}/undo)"')
SEEN = [("chen", "view=open"), ("chen", "light=red&agency=wjmt"), ("li", "q=會議"), ("he", "")]


def save(browser, name, query="view=overdue"):
    return browser.post_form("/views", shown_on="/ledger", name=name, query=query)


def chips(browser):
    return [
        (html.unescape(path), html.unescape(name), count)
        for path, name, count in CHIP.findall(browser.get("/ledger").text)
    ]


def the_one(ledger, user="chen"):
    with ledger.read() as conn:
        [view] = drafts_and_views.views(conn, user)
    return view.id


@pytest.mark.parametrize(("user", "query"), SEEN)
def test_a_view_stands_above_the_ledger_with_the_length_of_its_list(signed_in, user, query):
    browser = signed_in(user)
    save(browser, "常看", query)
    [(path, name, count)] = chips(browser)
    assert name == "常看"
    listed = browser.get(path.replace("/ledger", "/ledger.csv"))
    assert listed.text.strip().count("guangdong-2013/") >= int(count)
    assert len(listed.text.strip().splitlines()) - 1 == int(count)


@pytest.mark.both
def test_whoever_saves_a_view_looks_at_it(signed_in):
    answer = save(signed_in("chen"), "紅燈", "light=red&page=3&evil=1")
    assert dict(answer.url.params) == {"said": "views.said.saved", "light": "red"}


def test_nobody_sees_the_views_of_another(signed_in):
    save(signed_in("chen"), "只有我")
    assert chips(signed_in("li")) == []
    assert "只有我" not in signed_in("li").get("/views").text


@pytest.mark.parametrize("query", ["view=nothing", "month=2014-13", "light=blue"])
def test_a_filter_there_is_not_is_not_kept(signed_in, query):
    chen = signed_in("chen")
    assert save(chen, "不存在", query).status_code == 422
    assert chips(chen) == []


def test_a_name_is_asked_for_and_not_given_twice(signed_in):
    chen = signed_in("chen")
    nameless = save(chen, "  ")
    assert (nameless.status_code, "請填寫名稱" in nameless.text) == (422, True)
    save(chen, "逾期")
    twice = save(chen, "逾期")
    assert (twice.status_code, "另取名稱" in twice.text) == (422, True)


def test_a_name_brings_no_markup(signed_in):
    chen = signed_in("chen")
    save(chen, "<b>x</b>")
    assert "<b>x</b>" not in chen.get("/ledger").text
    assert chips(chen)[0][1] == "<b>x</b>"


def test_a_view_is_renamed(signed_in, desk_ledger):
    chen = signed_in("chen")
    save(chen, "逾期")
    chen.post_form(f"/views/{the_one(desk_ledger)}", shown_on="/views", name="紅燈")
    assert [name for _, name, _ in chips(chen)] == ["紅燈"]


@pytest.mark.both
def test_a_view_that_is_deleted_is_had_back_by_the_button_beside_the_word(signed_in, desk_ledger):
    chen = signed_in("chen")
    save(chen, "逾期")
    gone = chen.post_form(f"/views/{the_one(desk_ledger)}/end", shown_on="/views")
    assert chips(chen) == []
    [back] = UNDO.findall(gone.text)
    assert "視圖已恢復" in chen.post_form(back, shown_on="/views").text
    assert [name for _, name, _ in chips(chen)] == ["逾期"]


@pytest.mark.both
def test_after_ten_seconds_it_cannot_be_had_back(signed_in, desk_ledger, clock):
    chen = signed_in("chen")
    save(chen, "逾期")
    gone = chen.post_form(f"/views/{the_one(desk_ledger)}/end", shown_on="/views")
    clock.pass_(seconds=15)
    late = chen.post_form(UNDO.findall(gone.text)[0], shown_on="/views")
    assert (late.status_code, "無法撤銷" in late.text) == (409, True)
    assert chips(chen) == []


@pytest.mark.parametrize(
    ("deed", "fields"), [("", {"name": "別人的"}), ("/end", {}), ("/undo", {})]
)
def test_another_does_nothing_to_it(signed_in, desk_ledger, deed, fields):
    chen, li = signed_in("chen"), signed_in("li")
    save(chen, "逾期")
    answer = li.post_form(f"/views/{the_one(desk_ledger)}{deed}", shown_on="/views", **fields)
    assert answer.status_code in {404, 409}
    assert [name for _, name, _ in chips(chen)] == ["逾期"]


@pytest.mark.parametrize("path", ["//evil.example", "/sign-out", "0" * 31, "../account"])
def test_an_address_offers_to_take_back_nothing_but_what_was_deleted(signed_in, path):
    page = signed_in("chen").get("/views", params={"said": "views.said.ended", "undo": path}).text
    assert 'class="undo"' not in page


def test_a_view_of_what_has_ceased_to_be_says_so(signed_in, desk_ledger):
    chen = signed_in("chen")
    save(chen, "舊")
    with desk_ledger.transaction() as tx:
        tx.conn.exec_driver_sql("UPDATE views SET query = 'view=gone'")
    assert [count for _, _, count in chips(chen)] == [""]
    assert "現已無效" in chen.get("/views").text


@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans", "en"])
def test_the_page_reads_in_every_language(signed_in, lang):
    chen = signed_in("chen")
    chen.post_form("/language", to=lang, then="/account")
    assert chen.get("/views").status_code == 200
    save(chen, "逾期")
    assert chen.get("/views").text.count("<li>") >= 1
