"""The cockpit: its counts are those of the lists they open, and it is the office's alone."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from desk.pages.today.cockpit import AGENCIES
from ledger.duties.duties import DUTIES

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.session import Ledger
    from tests.desk.visitors import Browser

TILE = re.compile(r'href="/ledger\?view=(\w+)"><span class="v n">(\d+)<')
CELL = re.compile(r'<a href="(/ledger\?agency=[^"]+)"[^>]*>(?:<svg.*?</svg>)?(\d+)</a>')
GAP = re.compile(r'href="(/ledger\?view=overdue&amp;agency=[^"]+)"><span.*?（(\d+)項逾期）')
FIRST = re.compile(r'<a class="btn s[ p]*" href="([^"]+)">(\w+)<span')
SOON = re.compile(r'</time><a href="(/[^"]+)"><span[^>]*>[^<]*</span>(?: <b class="n">×(\d+)</b>)?')
ROW = re.compile(r'class="t" href="/duty/')
SOONER = (
    sa.update(DUTIES)
    .where(DUTIES.c.due_on == dt.date(2014, 6, 30), DUTIES.c.closed_on.is_(None))
    .values(due_on=dt.date(2014, 1, 30))
)


@pytest.mark.both
def test_each_of_the_six_counts_opens_a_list_of_that_length(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    tiles = TILE.findall(browser.get("/").text)
    views = ["overdue", "review", "due", "unsigned", "asked", "unreported"]
    assert [view for view, _ in tiles] == views
    for view, n in tiles:
        rows = browser.get(f"/ledger.csv?view={view}").text.splitlines()[1:]
        assert len(rows) == int(n)


@pytest.mark.both
def test_a_cell_of_the_table_of_lights_opens_a_list_of_that_length(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    cells = CELL.findall(browser.get("/").text)
    assert len(cells) > 20
    for path, n in cells[::9]:
        listed = browser.get(path.replace("&amp;", "&")).text
        assert min(int(n), 50) == len(ROW.findall(listed))


def test_an_agency_is_sent_to_its_inbox(signed_in: Callable[[str], Browser]) -> None:
    assert signed_in("li").get("/").url.path == "/in"


def test_the_sentence_counts_a_duty_once_though_it_waits_twice(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    said = re.search(r"今日待辦(\d+)件", browser.get("/").text)
    assert said
    assert int(said[1]) == len(browser.get("/ledger.csv?view=waits").text.splitlines()) - 1


@pytest.mark.both
def test_the_sentence_names_where_the_gap_is_and_opens_it(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    gaps = GAP.findall(browser.get("/").text)
    assert 1 <= len(gaps) <= 2
    for path, n in gaps:
        listed = browser.get(path.replace("&amp;", "&")).text
        assert int(n) == len(ROW.findall(listed))


def test_each_thing_to_do_first_leads_to_the_form_that_does_it(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    found = FIRST.findall(browser.get("/").text)
    assert 0 < len(found) <= 6
    for path, action in found:
        shown = browser.get(path).text
        assert action in ("催辦", "審核", "批覆")
        assert 'method="post" action="/duty/' in shown


@pytest.mark.both
def test_what_is_due_soon_opens_a_list_of_that_length(
    signed_in: Callable[[str], Browser], desk_ledger: Ledger
) -> None:
    with desk_ledger.transaction() as tx:  # nothing is due in the two weeks after this day
        tx.conn.execute(SOONER)
    browser = signed_in("chen")
    lines = SOON.findall(browser.get("/").text)
    assert lines
    for path, n in lines:
        if n:
            assert int(n) == len(ROW.findall(browser.get(path.replace("&amp;", "&")).text))


def test_one_plan_of_several_is_asked_for_by_its_code(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    page = browser.get("/?plan=guangdong-2013").text
    assert [n for _, n in TILE.findall(browser.get("/").text)] == re.findall(
        r'&amp;plan=guangdong-2013"><span class="v n">(\d+)<', page
    )
    assert browser.get("/?plan=none").status_code == 404


def test_the_table_of_lights_has_every_agency_when_asked(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    few = browser.get("/").text.count('<th scope="row"')
    every = browser.get("/?agencies=all").text.count('<th scope="row"')
    assert AGENCIES >= few <= every > 0
