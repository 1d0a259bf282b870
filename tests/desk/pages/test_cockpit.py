"""The cockpit: its counts are those of the lists they open, and it is the office's alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk.pages.conftest import Browser

TILE = re.compile(r'href="/ledger\?view=(\w+)"><span class="v n">(\d+)<')
CELL = re.compile(r'<a href="(/ledger\?agency=[^"]+)"[^>]*>(?:<svg.*?</svg>)?(\d+)</a>')
ROW = re.compile(r'class="t" href="/duty/')


def test_each_of_the_five_counts_opens_a_list_of_that_length(
    signed_in: Callable[[str], Browser],
) -> None:
    browser = signed_in("chen")
    tiles = TILE.findall(browser.get("/").text)
    assert [view for view, _ in tiles] == ["overdue", "review", "due", "unsigned", "asked"]
    for view, n in tiles:
        assert len(ROW.findall(browser.get(f"/ledger?view={view}").text)) == int(n)


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
    said = re.search(r"今天有(\d+)件事", browser.get("/").text)
    assert said
    assert int(said[1]) == len(ROW.findall(browser.get("/ledger?view=waits").text))
