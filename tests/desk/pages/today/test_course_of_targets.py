"""On the page of targets a course is drawn of each that was read, with its table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk.visitors import Browser

READING = "/duty/guangdong-2013/8.emerging-share/-/2013"
TARGET, COURSE = '<section class="card target"', '<svg class="lines"'


def test_every_target_that_was_read_has_its_course(signed_in: Callable[[str], Browser]) -> None:
    chen = signed_in("chen")
    page, unread = chen.get("/targets").text, chen.get("/targets?verdict=no-reading").text
    read = page.count(TARGET) - unread.count(TARGET)
    assert page.count(COURSE) == page.count('<table class="facts n">') == read
    assert (read > 5, unread.count(TARGET) > 0, unread.count(COURSE)) == (True, True, 0)


def test_a_corrected_figure_moves_the_course(signed_in: Callable[[str], Browser]) -> None:
    wu = signed_in("wu")
    wu.post_form(f"{READING}/do/report-reading", shown_on=READING, value="19.5", source="海關統計")
    assert "; 2013 19.50" in signed_in("chen").get("/targets").text
