"""The inbox: five groups, the count in the menu, the chosen one beside."""

from __future__ import annotations

import re

import pytest

REPORT = "guangdong-2013/18.going-abroad/dongguan/2013-H2"
GROUP = re.compile(
    r'<h2 class="h3">([^<]*)<span class="n">(\d+)</span></h2>(.*?)(?=<h2|</nav>)', re.DOTALL
)


def groups(page):
    return {name: (int(n), rows.count('class="it')) for name, n, rows in GROUP.findall(page)}


@pytest.mark.both
def test_each_count_equals_its_list(signed_in):
    page = signed_in("wu").get("/in?everything=1").text
    found = groups(page)
    assert list(found) == ["待簽收", "本週到期", "退回補正", "待報進展", "進行中"]
    assert all(n == rows for n, rows in found.values())


def test_the_menu_counts_what_waits(signed_in):
    page = signed_in("zhaoqing/officer").get("/in").text
    found = groups(page)
    waits = sum(n for name, (n, _) in found.items() if name != "進行中")
    assert waits > 0
    assert f'<span class="c n">{waits}<' in page


@pytest.mark.both
def test_what_is_signed_for_goes_from_one_group_to_another(signed_in):
    browser = signed_in("zhaoqing/officer")
    before = groups(browser.get("/in?everything=1").text)
    key = "guangdong-2013/18.going-abroad/zhaoqing/2013-H2"
    browser.post_form(f"/duty/{key}/do/acknowledge", shown_on="/in")
    after = groups(browser.get("/in?everything=1").text)
    assert after["待簽收"][0] == before["待簽收"][0] - 1
    assert after["本週到期"][0] == before["本週到期"][0] + 1


@pytest.mark.both
def test_what_was_given_back_stands_under_returned(signed_in):
    agency, lead = signed_in("li"), signed_in("wu")
    before, _ = groups(agency.get("/in?everything=1").text)["退回補正"]
    agency.post_form(f"/duty/{REPORT}/do/file", summary="已完成")
    lead.post_form(f"/duty/{REPORT}/do/return", reason="缺數據")
    page = agency.get("/in?everything=1").text
    assert groups(page)["退回補正"] == (before + 1, before + 1)


def test_the_chosen_duty_stands_beside(signed_in):
    page = signed_in("li").get("/in", params={"duty": REPORT}).text
    assert "報告組織優勢企業赴境外建立生產加工基地的進展" in page
    assert f'action="/duty/{REPORT}/do/progress"' in page


def test_the_duty_of_another_cannot_be_chosen(signed_in):
    assert signed_in("zhou").get("/in", params={"duty": REPORT}).status_code == 404


def test_the_office_has_no_inbox(signed_in):
    assert signed_in("chen").get("/in").status_code == 403


def test_an_empty_inbox_says_what_comes_next(signed_in):
    page = signed_in("zhou").get("/in").text
    assert "沒有" in page
