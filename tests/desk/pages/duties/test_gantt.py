"""The Gantt chart: every measure folded to a strip, the one asked for with its duties."""

from __future__ import annotations

import re

ROW = re.compile(r'<tr id="m(\w+)">.*?<td class="num">(\d+)</td>', re.DOTALL)
DUTY = re.compile(r'<tr class="of"><td><a href="/duty/')


def test_every_measure_of_the_plan_has_its_strip(signed_in):
    rows = ROW.findall(signed_in("chen").get("/gantt").text)
    assert [number for number, _ in rows[:3]] == ["1", "2", "3"]
    assert len(rows) >= 40


def test_folded_it_shows_no_duty(signed_in):
    assert DUTY.findall(signed_in("chen").get("/gantt").text) == []


def test_the_measure_asked_for_shows_as_many_duties_as_it_counts(signed_in):
    page = signed_in("chen").get("/gantt?measure=35").text
    assert len(DUTY.findall(page)) == int(dict(ROW.findall(page))["35"]) > 0


def test_a_measure_has_as_many_duties_as_the_ledger_lists(signed_in):
    browser = signed_in("chen")
    counted = dict(ROW.findall(browser.get("/gantt").text))
    table = browser.get("/ledger.csv?measure=40").text.strip().splitlines()
    assert int(counted["40"]) == len(table) - 1


def test_an_agency_sees_its_own_alone(signed_in):
    own = ROW.findall(signed_in("zhou").get("/gantt").text)
    everything = dict(ROW.findall(signed_in("chen").get("/gantt").text))
    assert own
    assert all(int(n) <= int(everything[number]) for number, n in own)
    assert len(own) < len(everything)


def test_an_agency_that_has_nothing_is_told_so(signed_in):
    page = signed_in("zhou").get("/gantt?agency=dongguan").text
    assert "沒有符合條件的事項" in page or ROW.findall(page)
