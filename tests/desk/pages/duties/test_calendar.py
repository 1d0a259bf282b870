"""The calendar: each day's count opens a list of that length, in the month that is asked for."""

from __future__ import annotations

import re

import pytest

DAY = re.compile(r'<a class="all" href="([^"]+)"[^>]*>(\d+)項')
LINE = re.compile(r'<li><a class="\w+" href="([^"]+)">.*?(?:×(\d+)</b>)?</a></li>')
ROW = re.compile(r'class="t" href="/duty/')


def rows(browser, path):
    return len(ROW.findall(browser.get(path.replace("&amp;", "&")).text))


def test_each_day_opens_a_list_of_just_its_number(signed_in):
    browser = signed_in("chen")
    days = DAY.findall(browser.get("/calendar?month=2013-12").text)
    assert days
    assert all(min(int(n), 50) == rows(browser, path) for path, n in days)


def test_each_line_opens_a_list_of_just_its_number(signed_in):
    browser = signed_in("chen")
    lines = LINE.findall(browser.get("/calendar?month=2014-06").text)
    assert lines
    assert all(min(int(n or 1), 50) == rows(browser, path) for path, n in lines)


def test_the_month_begins_as_this_one_and_marks_today(signed_in):
    page = signed_in("chen").get("/calendar").text
    assert "<h1>2014年1月</h1>" in page
    assert re.search(r'aria-current="date">\s*<p class="date"><time datetime="2014-01-24">', page)


def test_days_off_are_those_of_the_notice_and_not_the_weekends_alone(signed_in):
    page = signed_in("chen").get("/calendar?month=2014-01").text
    off = re.findall(
        r'<td class="[^"]*rest[^"]*"[^>]*>\s*<p class="date"><time datetime="([^"]*)', page
    )
    assert {"2014-01-01", "2014-01-31"} <= set(off)
    assert "2014-01-26" not in off  # a Sunday worked before the Spring Festival


def test_an_agency_sees_its_own_alone(signed_in):
    everything = DAY.findall(signed_in("chen").get("/calendar?month=2014-06").text)
    own = DAY.findall(signed_in("zhou").get("/calendar?month=2014-06").text)
    assert sum(int(n) for _, n in own) < sum(int(n) for _, n in everything)


@pytest.mark.parametrize("month", ["2014-13", "x", "2014-1"])
def test_a_month_there_is_not_is_refused(signed_in, month):
    assert signed_in("chen").get(f"/calendar?month={month}").status_code == 422
