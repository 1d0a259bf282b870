"""`/help` answers everybody, before signing in too, in their language."""

from __future__ import annotations

from html import unescape

import pytest

from desk.handbook.book import PICTURES, book


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant", "en"])
def test_nobody_needs_to_sign_in_to_read(browser, lang):
    browser.cookies.set("duban-language", lang)
    contents = browser.get("/help")
    assert contents.status_code == 200
    for chapter in book(lang):
        assert chapter.title in unescape(contents.text)
        page = browser.get(f"/help/{chapter.name}")
        assert page.status_code == 200
        assert chapter.title in unescape(page.text)


def test_a_chapter_leads_to_the_one_before_and_after(browser):
    first, second, third, *_ = book("zh-Hant")
    page = browser.get(f"/help/{second.name}").text
    assert f'rel="prev" href="/help/{first.name}"' in page
    assert f'rel="next" href="/help/{third.name}"' in page


def test_the_whole_book_stands_on_one_page(browser):
    page = browser.get("/help/whole").text
    assert all(str(chapter.html) in page for chapter in book("zh-Hant"))


def test_a_search_is_answered_without_script(browser):
    page = browser.get("/help", params={"q": "签收"}).text
    assert "<mark>簽收</mark>" in page


def test_what_was_searched_for_is_shown_as_text(browser):
    page = browser.get("/help", params={"q": "<script>x"}).text
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_a_search_has_a_longest(browser):
    assert browser.get("/help", params={"q": "a" * 101}).status_code == 422


@pytest.mark.parametrize("path", ["nosuch", "..%2f..%2fREADME", "pictures"])
def test_no_other_chapter_is_there(browser, path):
    assert browser.get(f"/help/{path}").status_code == 404


def test_pictures_come_from_their_folder_alone(browser):
    picture = next(PICTURES.rglob("*.png")).relative_to(PICTURES)
    answer = browser.get(f"/help/pictures/{picture}")
    assert answer.headers["Content-Type"] == "image/png"
    assert "immutable" in answer.headers["Cache-Control"]
    for path in ("../en/01-first-hour.md", "%2e%2e/en/01-first-hour.md", "..%2fen", "/etc/passwd"):
        assert browser.get(f"/help/pictures/{path}").status_code == 404
