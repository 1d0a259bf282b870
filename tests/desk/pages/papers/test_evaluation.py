"""The page of the yearly evaluation, and its draft in Word."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import pytest
from docx import Document

from desk.papers import word_gbt9704

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk.visitors import Browser

PAGE, WORD = "/evaluation?year=2013", "/evaluation/2013/word"


def test_it_ranks_the_cities_and_draws_every_target(signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("chen").get(PAGE).text
    assert "各地得分與名次" in page
    assert page.count('<svg class="lines"') == 15


def test_what_is_drawn_stands_in_a_table_beside(signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("chen").get(PAGE).text
    assert page.count('<figure class="course">') == page.count('<table class="facts n">')


@pytest.mark.parametrize(("user", "status"), [("he", 200), ("li", 403), ("lin", 403)])
def test_it_is_for_the_office_and_the_reviewers(
    user: str, status: int, signed_in: Callable[[str], Browser]
) -> None:
    browser = signed_in(user)
    assert {browser.get(PAGE).status_code, browser.get(WORD).status_code} == {status}


def test_in_word_it_is_the_same_file_each_time(signed_in: Callable[[str], Browser]) -> None:
    chen = signed_in("chen")
    assert chen.get(WORD).content == chen.get(WORD).content


@pytest.mark.parametrize("year", ["0", "1899", "2200", "9" * 400])
def test_no_draft_is_of_a_year_beyond_all_plans(
    year: str, signed_in: Callable[[str], Browser]
) -> None:
    assert signed_in("chen").get(f"/evaluation/{year}/word").status_code == 422


def test_a_long_title_is_cut_among_the_properties_of_the_file() -> None:
    paper = word_gbt9704.Paper("督" * 500, author="辦" * 500, on=dt.date(2014, 3, 14))
    about = Document(io.BytesIO(paper.content())).core_properties
    assert (len(about.title), len(about.author)) == (255, 255)
