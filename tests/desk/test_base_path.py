"""A desk below a path of its host: every address it gives leads back to it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from desk.access import signin
from desk.app import create_app
from ledger.offices.installation import load_settings
from tests.desk.visitors import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI

HERE = "https://duban.example"
LINK = re.compile(r' (?:href|src)="([^"#][^"]*)"')
WITHOUT = re.compile(r"(?:href|src|action|formaction)=\"/(?!office/)")


@pytest.fixture
def below(lived_home: Path, home: Path, clock, database) -> Iterator[FastAPI]:
    database.copy(lived_home, home)
    environ = database.environ(home) | {"DUBAN_BASE_URL": f"{HERE}/office"}
    made = create_app(load_settings(environ), clock=clock)
    yield made
    made.state.desk.ledger.close()


@pytest.fixture
def browser(below: FastAPI) -> Browser:
    return Browser(below, at=HERE)


@pytest.fixture
def chen(below, browser, clock) -> Browser:
    with below.state.desk.ledger.transaction() as tx:
        cookie = signin.begin(tx, "chen", at=clock(), proved=True)
    browser.cookies.set("__Secure-duban", cookie, domain="duban.example", path="/office")
    return browser


def test_every_link_form_and_file_of_every_page_lies_below_the_path(chen):
    menu = chen.get("/office/").text
    paths = {link.partition("?")[0] for link in LINK.findall(menu) if ".csv" not in link}
    pages = {path: chen.get(path) for path in paths}

    assert len(pages) > 15
    assert {p: a.status_code for p, a in pages.items()} == dict.fromkeys(pages, 200)
    assert [path for path, page in pages.items() if WITHOUT.search(page.text)] == []


def test_a_form_a_redirect_and_a_cookie_stay_below_the_path(browser):
    sign_in = browser.get("/office/account", follow_redirects=False)
    assert sign_in.headers["Location"] == "/office/sign-in?then=%2Faccount"
    chosen = browser.post(
        "/office/language", data={"to": "en", "then": "/ledger"}, follow_redirects=False
    )
    assert chosen.headers["Location"] == "/office/ledger"
    assert "; Path=/office;" in chosen.headers["Set-Cookie"]
    slash = browser.get("/office/health/", follow_redirects=False)
    assert slash.headers["Location"] == "/office/health"


def test_a_session_is_kept_by_a_cookie_of_that_path(browser, below, clock):
    with below.state.desk.ledger.transaction() as tx:
        before = signin.begin(tx, "chen", at=clock(), proved=True)
    browser.cookies.set("__Secure-duban", before, domain="duban.example", path="/office")
    ended = browser.post_form("/office/sign-out", shown_on="/office/account")
    assert ended.status_code == 200
    assert browser.get("/office/account", follow_redirects=False).status_code == 303


def test_monitors_and_systems_find_the_desk_with_the_path_and_without(browser):
    assert browser.get("/office/health").text == browser.get("/health").text
    described = browser.get("/office/api/openapi.json").json()
    assert described["servers"] == [{"url": "/office"}]
    assert browser.get("/officers").status_code == 404


def test_the_address_of_a_calendar_has_the_path(chen):
    page = chen.post_form("/office/feeds", shown_on="/office/feeds").text
    address = re.search(r"https?://[^\"<\s]+\.ics", page)
    assert address
    assert address[0].startswith(f"{HERE}/office/feed/")
    assert chen.get(address[0].removeprefix(HERE)).headers["Content-Type"].startswith("text/cal")


def test_text_that_looks_like_a_link_stays_as_it_was_typed(chen):
    links = LINK.findall(chen.get("/office/ledger").text)
    key = next(link.partition("?")[0] for link in links if "/duty/" in link)
    text = 'see <a href="/ledger">'
    chen.post_form(f"{key}/do/comment", shown_on="/office/account", text=text)
    assert "&lt;a href=&#34;/ledger&#34;&gt;" in chen.get(key).text
