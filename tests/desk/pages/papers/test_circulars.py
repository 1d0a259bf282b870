"""The page of circulars: drafted and released by the office, read by everyone it tells."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.desk.visitors import Browser

DECEMBER = "/circulars/2013-12"
WORD = f"{DECEMBER}/word"


@pytest.fixture
def chen(signed_in: Callable[[str], Browser]) -> Browser:
    """The office's officer, who has drafted the circular of December 2013."""
    browser = signed_in("chen")
    browser.post_form("/circulars", span="2013-12")
    return browser


def document(packed: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        return parts.read("word/document.xml").decode()


@pytest.mark.both
def test_a_draft_shows_its_figures_and_what_they_rest_on(chen: Browser) -> None:
    page = chen.get(DECEMBER).text
    assert "關於2013年12月督辦情況的通報" in page
    assert re.search(r"辦理記錄前(\d+)條；核驗碼：\1:[0-9a-f]{64}", page)


def test_a_span_that_is_none_is_refused_at_its_field(chen: Browser) -> None:
    page = chen.post_form("/circulars", span="2013-13")
    assert (page.status_code, 'id="span-wrong"' in page.text) == (422, True)


def test_a_month_that_has_not_begun_is_refused(chen: Browser) -> None:
    assert chen.post_form("/circulars", span="2014-02").status_code == 422


def test_edited_words_are_kept_and_printed(chen: Browser) -> None:
    chen.post_form(f"{DECEMBER}/words", shown_on=DECEMBER, praise="<b>予以表揚</b>")
    assert "&lt;b&gt;予以表揚&lt;/b&gt;" in chen.get(f"{DECEMBER}/print").text


@pytest.mark.both
def test_released_it_has_its_number_and_no_forms(chen: Browser) -> None:
    chen.post_form(f"{DECEMBER}/release", shown_on=DECEMBER)
    page = chen.get(DECEMBER).text
    assert "督辦通報〔2014〕2號" in page  # the first of the year is that of 2013-Q4
    assert f"{DECEMBER}/words" not in page


def test_released_it_is_not_released_again(chen: Browser) -> None:
    chen.post_form(f"{DECEMBER}/release", shown_on=DECEMBER)
    assert chen.post_form(f"{DECEMBER}/release").status_code == 422


@pytest.mark.both
def test_an_agency_sees_it_only_once_it_is_released(
    chen: Browser, signed_in: Callable[[str], Browser]
) -> None:
    li = signed_in("li")
    assert [li.get(path).status_code for path in (DECEMBER, WORD)] == [404, 404]
    assert DECEMBER not in li.get("/circulars").text
    chen.post_form(f"{DECEMBER}/release", shown_on=DECEMBER)
    assert [li.get(path).status_code for path in (DECEMBER, WORD)] == [200, 200]
    assert DECEMBER in li.get("/circulars").text


@pytest.mark.parametrize(("user", "status"), [("li", 403), ("he", 403), ("lin", 403)])
def test_only_the_office_drafts(
    user: str, status: int, signed_in: Callable[[str], Browser]
) -> None:
    assert signed_in(user).post_form("/circulars", span="2013-12").status_code == status


def test_in_word_it_is_the_same_file_each_time(chen: Browser) -> None:
    assert chen.get(WORD).content == chen.get(WORD).content


def test_in_word_what_was_typed_is_text(chen: Browser) -> None:
    typed = '{{ 7*7 }} </w:t><w:fldSimple w:instr="DDEAUTO c:\\\\x"/>\ufffe'
    chen.post_form(f"{DECEMBER}/words", shown_on=DECEMBER, asked=typed)
    told = document(chen.get(WORD).content)
    assert "{{ 7*7 }} &lt;/w:t&gt;&lt;w:fldSimple" in told
    assert told.count("<w:fldSimple") == 0  # the one page number stands in the foot


def test_in_word_it_has_the_margins_of_the_standard(chen: Browser) -> None:
    told = document(chen.get(WORD).content)
    page = re.search(r"<w:pgMar ([^>]*)/>", told)
    assert page
    twips = dict(re.findall(r'w:(top|left|bottom|right)="(\d+)"', page[1]))
    millimetres = {edge: round(int(value) / 56.6929) for edge, value in twips.items()}
    assert millimetres == {"top": 37, "left": 28, "bottom": 35, "right": 26}
