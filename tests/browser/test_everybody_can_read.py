"""Every page of everybody's menu: axe finds nothing, and it reads on 320 pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from ledger import duties
from ledger.session import Ledger
from ledger.settings import load_settings

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.browser.conftest import Served

PEOPLE = ("office/officer", "dongguan/officer", "office/reviewer", "office/administrator")
LANGUAGES = ("zh-Hant", "zh-Hans", "en")
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("user", PEOPLE)
def test_axe_finds_nothing_on_any_page_of_the_menu(at_the_desk, desk, user, lang):
    page = at_the_desk(user)
    page.goto("/account")
    page.click(f"form.lang button[value={lang}]")
    found = {}
    for path in _pages(page, desk):
        page.goto(path)
        assert page.get_attribute("html", "lang") == lang
        wrong = Axe().run(page).response["violations"]
        if wrong:
            found[path] = [(each["id"], [n["target"] for n in each["nodes"]][:3]) for each in wrong]

    assert found == {}


@pytest.mark.parametrize("user", PEOPLE)
def test_no_page_of_the_menu_scrolls_sideways_on_320_pixels(at_the_desk, desk, user):
    page = at_the_desk(user, width=320)
    wider = {}
    for path in _pages(page, desk):
        page.goto(path)
        by = page.evaluate(WIDER)
        if by > 0:
            wider[path] = by

    assert wider == {}


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in/code"])
def test_axe_finds_nothing_where_nobody_is_signed_in(at_the_desk, path):
    page = at_the_desk()
    page.goto(path)

    assert Axe().run(page).response["violations"] == []


def _pages(page: Page, desk: Served) -> list[str]:
    """Return what the menu leads to, one's account, and a duty of dongguan's."""
    page.goto("/account")
    menu = [link.get_attribute("href") for link in page.query_selector_all("nav.nav a")]
    with (
        Ledger.open(load_settings({"DUBAN_HOME": str(desk.home)})) as ledger,
        ledger.read() as conn,
    ):
        mine = [d for d in duties.listed(conn) if d.performer == "dongguan" and d.opened_on]
    return [*dict.fromkeys(menu), "/account", f"/duty/{mine[0].key}", f"/duty/{mine[-1].key}"]
