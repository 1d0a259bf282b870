"""The ledger's list: who sees what, what the filters take, and counts that equal their lists."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from desk.pages.duties.ledger import VIEWS
from ledger.store.changes import Change
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.session import Ledger
    from tests.desk.visitors import Browser

ROW = re.compile(r'class="t" href="/duty/')
ROWS = re.compile(r'class="t" href="(/duty/[^"]+)"')
COACHING = "guangdong-2013/35.coaching/zhaoqing/2013"
SLIP = {
    "duty": COACHING,
    "plan": "guangdong-2013",
    "year": 2014,
    "serial": 777,
    "number": "粵加貿辦督〔2014〕777號",
    "released_on": dt.date(2014, 1, 24),
    "released_by": "chen",
    "subject": "督辦單",
    "body": "督辦單",
}
CHIP = re.compile(r'href="/ledger\?view=(\w+)" aria-current="true">[^<]*<span class="n">(\d+)<')


def _listed(browser: Browser, query: str) -> list[list[str]]:
    answer = browser.get(f"/ledger.csv{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


def _keys(browser: Browser, query: str) -> list[str]:
    return [row[-1] for row in _listed(browser, query)]


@pytest.mark.both
@pytest.mark.parametrize("user", ["chen", "li", "wu", "zhou"])
def test_every_count_equals_the_list_it_opens(
    signed_in: Callable[[str], Browser], user: str
) -> None:
    browser = signed_in(user)
    for view in VIEWS:
        counted = CHIP.findall(browser.get(f"/ledger?view={view}").text)
        assert counted == [(view, str(len(_listed(browser, f"?view={view}"))))]


@pytest.mark.both
@pytest.mark.parametrize(
    "query",
    ["light=red", "light=amber", "light=green", "light=none", "status=closed-late&agency=wjmt",
     "month=2013-12", "kind=meeting", "measure=35", "plan=guangdong-2013", "plan=none",
     "silent=30", "silent=9999", "view=unreported",
     "view=mine", "view=waits", "q=東莞&view=all", "q=35&light=green"],
)  # fmt: skip
def test_whatever_is_asked_the_page_counts_what_the_list_has(
    signed_in: Callable[[str], Browser], query: str
) -> None:
    browser = signed_in("li")
    page = browser.get(f"/ledger?{query}").text
    counted = re.search(r"共(\d+)項", page)
    assert len(_listed(browser, f"?{query}")) == (int(counted[1]) if counted else 0)


def test_it_opens_on_what_is_open_and_not_on_what_was_closed_long_ago(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    bare, opened = browser.get("/ledger").text, browser.get("/ledger?view=open").text
    assert (
        ROWS.findall(bare)
        == ROWS.findall(opened)
        != ROWS.findall(browser.get("/ledger?view=all").text)
    )


def test_an_agency_finds_what_it_performs_itself(signed_in: Callable[[str], Browser]) -> None:
    mine = _keys(signed_in("li"), "?view=mine")
    assert mine
    assert {key.split("/")[2] for key in mine} <= {"dongguan", "-"}
    assert "view=mine" not in signed_in("chen").get("/ledger").text


def test_a_duty_is_found_by_its_key_and_by_its_measure(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    assert _keys(browser, f"?q={COACHING}") == [COACHING]
    assert COACHING in _keys(browser, "?q=35")


@pytest.mark.both
def test_a_duty_is_found_by_the_number_of_its_slip(
    signed_in: Callable[[str], Browser], desk_ledger: Ledger
) -> None:
    with desk_ledger.transaction() as tx:
        letter = tx.conn.scalars(sa.select(TABLES["messages"].c.id)).first()
        tx.record(
            "slip-released",
            COACHING,
            at=dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC),
            actor="chen",
            changes=[Change("slips", letter, SLIP, "insert")],
        )
    assert _keys(signed_in("chen"), "?q=督〔2014〕777號") == [COACHING]


@pytest.mark.both
def test_a_page_shows_at_most_fifty(signed_in: Callable[[str], Browser]) -> None:
    assert len(ROW.findall(signed_in("chen").get("/ledger").text)) == 50


def test_an_agency_sees_only_its_own(signed_in: Callable[[str], Browser]) -> None:
    keys = {row[-1] for row in _listed(signed_in("zhou"), "")}
    assert 0 < len(keys) < len(_listed(signed_in("chen"), ""))


@pytest.mark.both
def test_a_search_finds_the_traditional_by_the_simplified(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    assert _listed(browser, "?q=贸易") == _listed(browser, "?q=貿易") != []


@pytest.mark.parametrize(
    "query",
    ["?view=x", "?light=x", "?month=2014-13", "?day=x", "?status=x", "?silent=x", "?silent=0"],
)
def test_an_unknown_filter_is_refused(signed_in: Callable[[str], Browser], query: str) -> None:
    assert signed_in("chen").get(f"/ledger{query}").status_code == 422


def test_an_empty_list_says_so(signed_in: Callable[[str], Browser]) -> None:
    assert "沒有符合條件的事項" in signed_in("chen").get("/ledger?q=不存在之事").text
