"""The burden of agencies: every number opens a list of just as many, and only for the office."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tasks.act import Act
from tasks.deeds import extending
from tests.lived import UNTIL

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
CELL = re.compile(
    r'<a href="(/burden/[\w-]+/[\d-]+)" class="(\w+)"[^>]*>(?:<svg.*?</svg>)?(\d+)</a>'
)
COUNT = re.compile(r'<h2 id="h-told">[^<]*</h2><span class="to mut n">(\d+)</span>')


def test_each_number_opens_a_list_of_as_many_messages(signed_in):
    chen = signed_in("chen")
    cells = CELL.findall(chen.get("/burden").text)
    assert len(cells) > 100
    for path, _, number in sorted(cells, key=lambda cell: -int(cell[2]))[:5]:
        assert COUNT.findall(chen.get(path).text) == [number]


def test_a_month_above_the_measure_is_marked(signed_in):
    cells = CELL.findall(signed_in("chen").get("/burden").text)
    assert {css for _, css, number in cells if int(number) > 10} == {"late"}
    assert {css for _, css, number in cells if int(number) in {8, 9, 10}} <= {"soon"}
    assert {css for _, css, number in cells if int(number) < 8} == {"ok"}


@pytest.mark.parametrize("user", ["li", "he", "lin"])
def test_only_the_office_looks_at_it(signed_in, user):
    for path in ("/burden", "/burden/foreseen?plan=guangdong-2013", "/burden/wjmt/2014-01"):
        assert signed_in(user).get(path).status_code == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [("/burden/nobody/2014-01", 404), ("/burden/wjmt/2014-13", 422), ("/burden/foreseen", 404)],
)
def test_what_is_not_there_is_refused(signed_in, path, status):
    assert signed_in("chen").get(path).status_code == status


def test_a_plan_says_what_it_would_cost_in_mail(signed_in):
    page = signed_in("chen").get("/burden/foreseen?plan=guangdong-2013").text
    assert "省外經貿廳" in page
    assert "假定無人答覆" in page


def test_a_request_for_another_date_says_what_granting_it_costs(signed_in, desk_ledger):
    key = "guangdong-2013/20.transfer-schemes/dongguan/once"
    why = {"to": dt.date(2015, 3, 31), "reason": "企業尚在洽談"}
    extending.ask(desk_ledger, key, Act("li", UNTIL, AT), **why)
    page = signed_in("chen").get("/extensions").text
    assert re.search(r"<li>東莞市人民政府 \d+ → \d+封</li>", page)
