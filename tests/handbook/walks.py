"""Pictures of the walks through the pages: an office sets itself up, and brings in its tracker."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from desk.access import setup_code
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.clock import now_utc
from tests.browser import from_a_tracker
from tests.browser.conftest import free_port, serving, sign_in
from tests.browser.first_hour import first_hour
from tests.handbook.saving import reader
from tests.tasks.post.sink import Sink

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def set_up(browser: Browser, lang: str) -> None:
    """Take the pictures of the first hour, and print what it cost."""
    with tempfile.TemporaryDirectory() as name, Sink() as sink:
        folder = Path(name)
        home = folder / "home"
        Ledger.open(load_settings({"DUBAN_HOME": str(home)})).close()
        code = setup_code.issue(home, now_utc())
        with serving(home, free_port()) as desk, reader(browser, desk.url, lang) as (page, save):
            walk = first_hour(
                page,
                lambda name: save(f"setup-{name}"),
                code=code,
                smtp_port=sink.port,
                folder=folder,
            )
    print(lang, f"{walk.clicks} clicks, {walk.fields} fields, {walk.seconds:.0f} s")


def bring_in(browser: Browser, lang: str) -> None:
    """Take the pictures of a tracker brought in in mid-plan, and print what it cost."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        home = folder / "home"
        with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
            from_a_tracker.prepare(ledger, now_utc(), folder)
        with serving(home, free_port()) as desk, reader(browser, desk.url, lang) as (page, save):
            sign_in(page, from_a_tracker.OFFICE, from_a_tracker.PASSWORD)
            page.goto("/past")
            save("past")
            page.context.clear_cookies(name="duban")
            walk = from_a_tracker.walk(page, save, folder=folder)
    print(lang, f"{walk.clicks} clicks, {walk.fields} fields, {walk.seconds:.0f} s")
