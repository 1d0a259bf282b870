"""The page of scorecards: announced and decided by the office, objected to by the agency."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk.visitors import Browser

YEAR = "/scorecards?year=2013"
OWN = "/scorecards/2013/wjmt"
OPTION = re.compile(r'<option value="([^"]+)"')
SCORE = re.compile(r'<b class="n">([\d.]+)</b>')


@pytest.fixture
def chen(signed_in: Callable[[str], Browser]) -> Browser:
    """The office's officer, who has announced the cards of 2013."""
    browser = signed_in("chen")
    browser.post_form("/scorecards/2013/announce", shown_on=YEAR)
    return browser


def object_to(browser: Browser, text: str = "數據有誤") -> str:
    duty = OPTION.findall(browser.get(OWN).text)[0]
    browser.post_form(f"{OWN}/object", shown_on=OWN, duty=duty, text=text)
    return duty


def test_before_the_announcement_a_card_says_that_it_may_change(
    signed_in: Callable[[str], Browser],
) -> None:
    assert "未公布，僅供參考" in signed_in("wu").get(OWN).text


def test_a_year_that_is_not_over_is_not_announced(signed_in: Callable[[str], Browser]) -> None:
    answer = signed_in("chen").post_form("/scorecards/2014/announce", shown_on="/scorecards")
    assert answer.status_code == 422


def test_the_formula_stands_on_the_page_in_words(chen: Browser) -> None:
    assert "按期辦結100分" in chen.get(YEAR).text


@pytest.mark.parametrize("year", ["-1", "10000", "9" * 30])
def test_a_year_that_is_none_is_refused(year: str, signed_in: Callable[[str], Browser]) -> None:
    assert signed_in("chen").get(f"/scorecards?year={year}").status_code == 422


def test_a_year_without_duties_has_no_cards(signed_in: Callable[[str], Browser]) -> None:
    answer = signed_in("chen").get("/scorecards?year=2199")
    assert (answer.status_code, "這一年沒有到期事項可考核" in answer.text) == (200, True)


@pytest.mark.both
@pytest.mark.parametrize(
    ("user", "path", "status"),
    [
        ("wu", OWN, 200),
        ("li", OWN, 404),
        ("zhou", OWN, 404),
        ("he", OWN, 200),
        ("lin", OWN, 403),
        ("li", f"{OWN}/word", 404),
        ("wu", "/scorecards/2013/word", 403),
    ],
)
def test_a_card_is_the_agencys_own(
    chen: Browser, user: str, path: str, status: int, signed_in: Callable[[str], Browser]
) -> None:
    assert chen.get(OWN).status_code == 200
    assert signed_in(user).get(path).status_code == status


def test_an_agency_sees_no_other_in_the_list(
    chen: Browser, signed_in: Callable[[str], Browser]
) -> None:
    assert "省科技廳" in chen.get(YEAR).text
    assert "省科技廳" not in signed_in("wu").get(YEAR).text


@pytest.mark.both
def test_an_objection_that_is_upheld_raises_the_score(
    chen: Browser, signed_in: Callable[[str], Browser]
) -> None:
    wu = signed_in("wu")
    before = SCORE.findall(wu.get(OWN).text)[0]
    object_to(wu)
    chen.post_form(f"{OWN}/decide", shown_on=OWN, number="1", outcome="upheld", text="屬實")
    assert float(SCORE.findall(wu.get(OWN).text)[0]) > float(before)


def test_about_one_duty_an_agency_objects_once(
    chen: Browser, signed_in: Callable[[str], Browser]
) -> None:
    wu = signed_in("wu")
    duty = object_to(wu)
    assert chen.get(OWN).status_code == 200
    assert wu.post_form(f"{OWN}/object", shown_on=OWN, duty=duty, text="再次").status_code == 422


@pytest.mark.parametrize("user", ["chen", "he"])
def test_nobody_else_objects(chen: Browser, user: str, signed_in: Callable[[str], Browser]) -> None:
    assert chen.get(OWN).status_code == 200
    answer = signed_in(user).post_form(f"{OWN}/object", shown_on=OWN, duty="x", text="x")
    assert answer.status_code == 403


@pytest.mark.both
def test_the_office_is_shown_what_waits(chen: Browser, signed_in: Callable[[str], Browser]) -> None:
    object_to(signed_in("wu"))
    assert "等待答覆" in chen.get(YEAR).text


def test_in_word_a_card_is_the_same_file_each_time(chen: Browser) -> None:
    assert chen.get(f"{OWN}/word").content == chen.get(f"{OWN}/word").content
