"""The ledger's list: who sees what, what the filters take, and counts that equal their lists."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import pytest

from desk.pages.ledger import SHOWN

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk.pages.conftest import Browser

ROW = re.compile(r'class="t" href="/duty/')
CHIP = re.compile(r'href="/ledger\?view=(\w+)" aria-current="true">[^<]*<span class="n">(\d+)<')


def _listed(browser: Browser, query: str) -> list[list[str]]:
    answer = browser.get(f"/ledger.csv{query}")
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))[1:]


@pytest.mark.parametrize("user", ["chen", "li", "wu", "zhou"])
def test_every_count_equals_the_list_it_opens(
    signed_in: Callable[[str], Browser], user: str
) -> None:
    browser = signed_in(user)
    for view in SHOWN:
        counted = CHIP.findall(browser.get(f"/ledger?view={view}").text)
        assert counted == [(view, str(len(_listed(browser, f"?view={view}"))))]


def test_a_page_shows_at_most_fifty(signed_in: Callable[[str], Browser]) -> None:
    assert len(ROW.findall(signed_in("chen").get("/ledger").text)) == 50


def test_an_agency_sees_only_its_own(signed_in: Callable[[str], Browser]) -> None:
    keys = {row[-1] for row in _listed(signed_in("zhou"), "")}
    assert 0 < len(keys) < len(_listed(signed_in("chen"), ""))


def test_a_search_finds_the_traditional_by_the_simplified(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    assert _listed(browser, "?q=贸易") == _listed(browser, "?q=貿易") != []


@pytest.mark.parametrize("query", ["?view=x", "?light=x", "?month=2014-13", "?day=x", "?status=x"])
def test_an_unknown_filter_is_refused(signed_in: Callable[[str], Browser], query: str) -> None:
    assert signed_in("chen").get(f"/ledger{query}").status_code == 422


def test_an_empty_list_says_so(signed_in: Callable[[str], Browser]) -> None:
    assert "沒有符合條件的事項" in signed_in("chen").get("/ledger?q=不存在之事").text
