"""Every page of the application in every language: axe finds nothing, 320 pixels are enough."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe

from desk.access import signin
from desk.app import create_app
from desk.web.words import LANGUAGE
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.act import Act
from tasks.proof import sampling
from tests.browser.conftest import AT, PLAN, UNTIL
from tests.desk.pages.crawl import routes, walk
from tests.desk.visitors import Browser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.browser.conftest import Served

STARTS = {
    "": ("/sign-in", "/sign-in/code"),
    "office/officer": ("/", "/account", "/circulars", "/targets", "/problems"),
    "dongguan/officer": ("/in", "/account"),
    "office/reviewer": ("/audit", "/account"),
    "office/administrator": ("/settings", "/account"),
}
LANGUAGES = ("zh-Hant", "zh-Hans", "en")
FAULTS_ALONE = {"resultTypes": ["violations"]}  # every rule; what is right need not be listed
LEAST = 39  # pages; there were so many when this was written
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Reached(NamedTuple):
    """A page of a route, and who got there."""

    route: str
    path: str
    user: str


@pytest.fixture(scope="module")
def every_page(desk: Served) -> list[Reached]:
    """Return one page of each route that answers somebody with one, found by following links."""
    with Ledger.open(load_settings({"DUBAN_HOME": str(desk.home)})) as ledger:
        act = Act("office/reviewer", UNTIL, AT)
        sampling.sample(ledger, PLAN, act, of="evidence", size=3, seed="1")
    return list(_every(desk))


def _every(desk: Served) -> Iterator[Reached]:
    now = dt.datetime.now(dt.UTC)
    app = create_app(load_settings({"DUBAN_HOME": str(desk.home)}), clock=lambda: now)
    asked = [route for route in routes(app) if route.method == "GET"]
    seen: set[str] = set()
    for user, starts in STARTS.items():
        browser = Browser(app)
        with app.state.desk.ledger.transaction() as tx:
            if user:
                browser.cookies.set("duban", signin.begin(tx, user, at=now, proved=True))
        for path, answer in walk(browser, app, *starts, most=1):
            is_page = answer.headers.get("Content-Type", "").startswith("text/html")
            plain = path.partition("?")[0]
            route = next((r.path for r in asked if r.matches(plain)), "")
            if route and route not in seen and is_page and answer.status_code == 200:
                seen.add(route)
                yield Reached(route, path, user)
    app.state.desk.ledger.close()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everybody_can_read_every_page(at_the_desk, every_page, lang):
    people = {user: at_the_desk(user, width=1280) for user in {each.user for each in every_page}}
    for page in people.values():
        page.set_default_timeout(60_000)  # a list of the whole plan, on a machine that is busy
    found: dict[str, object] = {}
    for reached in every_page:
        page = people[reached.user]
        page.context.add_cookies(
            [{"name": LANGUAGE, "value": lang, "domain": "127.0.0.1", "path": "/"}]
        )
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(reached.path)
        assert page.get_attribute("html", "lang") in {lang, "zh-Hant"}  # papers are in the plan's
        wrong = Axe().run(page, options=FAULTS_ALONE).response["violations"]
        page.set_viewport_size({"width": 320, "height": 900})
        wider = page.evaluate(WIDER)
        if wrong or wider > 0:
            told = [(each["id"], [n["target"] for n in each["nodes"]][:3]) for each in wrong]
            found[reached.path] = (told, wider)

    assert len(every_page) >= LEAST
    assert found == {}


def test_every_page_of_the_menu_is_among_them(at_the_desk, every_page):
    paths = {reached.path.partition("?")[0] for reached in every_page}
    for user in filter(None, STARTS):
        page = at_the_desk(user)
        page.goto("/account")
        menu = [link.get_attribute("href") for link in page.query_selector_all("nav.nav a")]

        assert {path.partition("?")[0] for path in menu if path} - paths == set()
