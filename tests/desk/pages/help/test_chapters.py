"""`/help` answers everybody, before signing in too, in their language."""

from __future__ import annotations

import pytest

from desk.handbook.book import book


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en"])
def test_nobody_needs_to_sign_in_to_read(browser, lang):
    browser.cookies.set("duban-language", lang)
    contents = browser.get("/help")
    assert contents.status_code == 200
    for chapter in book(lang):
        assert chapter.title in contents.text
        page = browser.get(f"/help/{chapter.name}")
        assert page.status_code == 200
        assert chapter.title in page.text


def test_the_whole_book_stands_on_one_page(browser):
    page = browser.get("/help/whole").text
    assert all(str(chapter.html) in page for chapter in book("zh-Hant"))


def test_what_was_searched_for_is_shown_as_text(browser):
    page = browser.get("/help", params={"q": "<script>x"}).text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_a_search_has_a_longest(browser):
    assert browser.get("/help", params={"q": "a" * 101}).status_code == 422


@pytest.mark.parametrize("path", ["nosuch", "..%2f..%2fREADME", "pictures"])
def test_no_other_chapter_is_there(browser, path):
    assert browser.get(f"/help/{path}").status_code == 404
