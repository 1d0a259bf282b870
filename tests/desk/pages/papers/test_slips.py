"""The page of slips: drafts, the register, and who may look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk.visitors import Browser

ROW = re.compile(r'class="t" lang="zh" href="(/slips/[0-9a-f]{16})"')
COUNTS = re.compile(r'<b class="n">(\d+)</b></a>')


@pytest.mark.parametrize(("view", "place"), [("", 0), ("register", 1)])
def test_each_view_lists_as_many_as_it_counts(
    view: str, place: int, signed_in: Callable[[str], Browser]
) -> None:
    page = signed_in("chen").get(f"/slips?which={view}").text
    assert len(ROW.findall(page)) == int(COUNTS.findall(page)[place])


def test_the_words_of_a_released_slip_are_shown_and_printed(
    signed_in: Callable[[str], Browser],
) -> None:
    chen = signed_in("chen")
    first = ROW.findall(chen.get("/slips?which=register").text)[0]
    assert "督辦通知單" in chen.get(f"{first}/print").text
    assert "編號發出" not in chen.get(first).text


def test_a_slip_released_already_is_not_released_again(
    signed_in: Callable[[str], Browser],
) -> None:
    chen = signed_in("chen")
    first = ROW.findall(chen.get("/slips?which=register").text)[0]
    assert chen.post_form(f"{first}/release").status_code == 422


@pytest.mark.parametrize("user", ["li", "he", "lin"])
def test_only_the_office_sees_slips(user: str, signed_in: Callable[[str], Browser]) -> None:
    assert signed_in(user).get("/slips").status_code == 403


def test_a_slip_that_is_not_there_is_not_found(signed_in: Callable[[str], Browser]) -> None:
    assert signed_in("chen").get("/slips/0123456789abcdef").status_code == 404
