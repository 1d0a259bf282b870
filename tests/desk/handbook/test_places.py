"""Every page leads to the section of the handbook that explains it."""

from __future__ import annotations

import re

import pytest

from catalog.wording import languages
from desk.handbook.book import book
from desk.handbook.places import PLACES, help_address, place_of
from tests.desk.pages.crawl import routes

NO_PAGE = re.compile(r"/(api|feed|health|metrics)\b|.*\.(csv|json|xlsx)$")


@pytest.fixture
def paths(app):
    return {route.path for route in routes(app) if route.method == "GET"}


def test_every_page_has_its_place(paths):
    pages = {path for path in paths if not NO_PAGE.match(path)}
    assert {path for path in pages if not place_of(path)} == set()


@pytest.mark.parametrize("lang", languages())
def test_every_place_is_in_the_book(lang):
    anchors = {f"{chapter.name}#{s.anchor}" for chapter in book(lang) for s in chapter.sections}
    assert set(PLACES.values()) - anchors == set()


def test_every_row_is_for_a_page(paths):
    assert [row for row in PLACES if not any(_begins(row, path) for path in paths)] == []


def _begins(row: str, path: str) -> bool:
    return path == row or path.startswith(f"{row}/")


def test_the_head_of_a_page_links_to_its_place(signed_in):
    page = signed_in("chen").get("/ledger").text
    assert f'class="help" href="{help_address("/ledger")}"' in page


def test_an_address_without_a_page_leads_to_the_contents(browser):
    assert 'class="help" href="/help"' in browser.get("/nosuch").text
