"""Pictures of the handbook: pages of a demonstration, in each of two languages."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from ledger.offices.installation import load_settings
from ledger.post import messages
from ledger.session import Ledger
from tasks.letters.composing import compose
from tests.browser.conftest import PLAN, Served, free_port, serving, sign_in
from tests.browser.pictures.desk import UNTIL, live
from tests.browser.pictures.taking import chromium
from tests.handbook import walks
from tests.handbook.saving import HEIGHT, WIDTH, reader

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LANGUAGES = ("zh-Hans", "en")  # in traditional characters the handbook shows the first
OFFICE, AGENCY = "office/officer", "dongguan/officer"
REVIEWER, ADMINISTRATOR = "office/reviewer", "office/administrator"
HEAD = 220  # pixels
SEVERAL = 3  # links to duties that a daily reminder has to have
DOCUMENT = """\
廣東省加工貿易企業服務行動計劃(2013-2015年)
2013年12月20日
一、服務企業
1.開展摸底。2014年3月底前完成企業摸底。(省外經貿廳、省財政廳負責)
2.定期會商。每年召開2-3次會商會議。(省財政廳、省統計局負責)
3.建設平台。2015年,服務企業達到1000家。近期完成平台改造。(省科技廳負責)
"""


class Picture(NamedTuple):
    """A page as somebody of the cast sees it.

    The first `link` on the page at `path` leads to it, with `end` behind its address.
    """

    name: str
    user: str
    path: str
    link: str = ""
    end: str = ""
    height: int = HEIGHT


OF_PAGES = (
    Picture("cockpit", OFFICE, "/", height=860),
    Picture("review", OFFICE, "/review"),
    Picture("slips", OFFICE, "/slips"),
    Picture("slip", OFFICE, "/slips", "main a.t[href^='/slips/']"),
    Picture("assign", OFFICE, "/assign"),
    Picture("ledger", OFFICE, "/ledger"),
    Picture("calendar", OFFICE, "/calendar"),
    Picture("plan", OFFICE, "/plans"),
    Picture("publish", OFFICE, "/plans/publish?plan=kindergartens-2019"),
    Picture("circular", OFFICE, "/circulars?which=released", "main a.t[href^='/circulars/']"),
    Picture("scorecards", OFFICE, "/scorecards"),
    Picture("inbox", AGENCY, "/in"),
    Picture("duty", AGENCY, "/ledger?view=open", "main a.t[href^='/duty/']", height=860),
    Picture("file", AGENCY, "/ledger?view=open", "main a.t[href^='/duty/']", "/do/file#form", 860),
    Picture("audit", REVIEWER, "/audit"),
    Picture("contacts", ADMINISTRATOR, "/settings"),
    Picture("doctor", ADMINISTRATOR, "/settings/doctor"),
    Picture("users", ADMINISTRATOR, "/settings/users"),
)


def take() -> None:
    """Live the demonstration in a home of its own, and take every picture of it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        live(home)
        take_of(home)


def take_of(home: Path) -> None:
    """Take every picture of a demonstration that was lived in `home`."""
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        letters = {lang: _letter(ledger, lang) for lang in LANGUAGES}
    with serving(home, free_port()) as desk, chromium() as browser:
        for lang, letter in letters.items():
            _take_in(browser, desk, lang, letter)


def _take_in(browser: Browser, desk: Served, lang: str, letter: str) -> None:
    walks.set_up(browser, lang)
    walks.bring_in(browser, lang)
    for picture in OF_PAGES:
        with reader(browser, desk.url, lang) as (page, save):
            sign_in(page, picture.user, desk.password)
            page.set_viewport_size({"width": WIDTH, "height": picture.height})
            _go(page, picture)
            save(picture.name)
    with reader(browser, desk.url, lang) as (page, save):
        sign_in(page, OFFICE, desk.password)
        _upload(page, f"service-{lang.lower()}")
        save("draft")
    with reader(browser, desk.url, lang) as (page, save):
        page.set_viewport_size({"width": 800, "height": HEIGHT})
        page.set_content(letter)
        save("letter")


def _go(page: Page, picture: Picture) -> None:
    answer = page.goto(picture.path)
    assert answer is not None, picture.path
    assert answer.ok, f"{picture.path}: {answer.status}"
    if picture.link:
        address = page.locator(picture.link).first.get_attribute("href")
        assert address is not None, picture.link
        page.goto(f"{address}{picture.end}")
        page.evaluate(f"scrollBy(0, -{HEAD})")  # the head covers what an address leads to


def _upload(page: Page, code: str) -> None:
    """Begin a plan from a document."""
    page.goto("/plans/drafts")
    document = {"name": "方案.txt", "mimeType": "text/plain", "buffer": DOCUMENT.encode()}
    page.set_input_files("#upload", document)
    page.fill("#code", code)
    page.select_option("#agencies", PLAN)
    with page.expect_navigation():
        page.click("form[action='/plans/drafts'] button")


def _letter(ledger: Ledger, lang: str) -> str:
    """Return the page of an agency's last daily reminder of several duties, in a language."""
    settings = replace(ledger.settings, lang=lang)
    with ledger.read() as conn:
        digests = [m for m in messages.listed(conn, plan=PLAN) if m.form == "digest"]
        for last in reversed([m for m in digests if not m.recipient.startswith("office/")]):
            letter = compose(
                conn, [last], settings, address="a@b.example", on=UNTIL, message_id=last.message_id
            ).letter
            if letter is not None and letter.html.count("/duty/") > SEVERAL:
                return letter.html
    raise AssertionError(lang)
