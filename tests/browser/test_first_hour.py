"""An office sets itself up in a browser: from an empty home to letters that are delivered."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from desk.access import setup_code
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks import today
from tasks.clock import now_utc
from tasks.post.deliver import deliver
from tasks.post.leaving import leaves_on, workdays_of
from tasks.sweep.sweep import sweep
from tasks.tick import Tick
from tests.browser.conftest import free_port, serving
from tests.browser.first_hour import AGENCIES, first_hour
from tests.tasks.post.sink import Sink

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.first_hour import Walk

NARROW = 390
WIDTH = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that nobody has used."""
    home = tmp_path / "home"
    Ledger.open(load_settings({"DUBAN_HOME": str(home)})).close()
    return home


@pytest.fixture
def walk(chromium, home: Path, tmp_path: Path) -> Callable[..., Walk]:
    """Walk through the first hour, and deliver its letters to `sink`."""

    def _walk(sink: Sink, *, script: bool, width: int, look: Callable[[Page, str], None]) -> Walk:
        code = setup_code.issue(home, now_utc())
        with serving(home, free_port()) as served:
            context = chromium.new_context(
                base_url=served.url,
                java_script_enabled=script,
                locale="zh-CN",
                viewport={"width": width, "height": 900},
            )
            page = context.new_page()
            page.set_default_timeout(20_000)
            walk = first_hour(
                page, lambda name: look(page, name), code=code, smtp_port=sink.port, folder=tmp_path
            )
            context.close()
        return walk

    return _walk


def _delivered(home: Path) -> None:
    """Do what the flows do within minutes: sweep the new plan, and deliver on a working day."""
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        (plan,) = today.plans(ledger)
        now = today.now(ledger, plan, now_utc)
        sweep(ledger, Tick(plan, now.on, now.at))
        with ledger.read() as conn:
            on = leaves_on(workdays_of(conn, plan), now.on)
        deliver(ledger, on=on, clock=lambda: now.at)


def test_an_office_gets_from_nothing_to_its_first_letters(walk, home):
    wrong = []

    def look(page: Page, name: str) -> None:
        wrong.extend((name, each["id"]) for each in Axe().run(page).response["violations"])
        page.set_viewport_size({"width": NARROW, "height": 900})
        if page.evaluate(WIDTH) > 0:
            wrong.append((name, "wider than the screen"))
        page.set_viewport_size({"width": 1440, "height": 900})

    with Sink() as sink:
        done = walk(sink, script=True, width=1440, look=look)
        assert [each.recipients for each in sink.received] == [["li@office.city.example"]]
        _delivered(home)
    recipients = {each.recipients[0] for each in sink.received[1:]}
    assert {row[2] for row in AGENCIES[1:]} >= recipients - {"li@office.city.example"}
    assert len(recipients) >= 4
    assert wrong == []
    told = f"{done.seconds:.0f} s, {done.clicks} clicks, {done.fields} fields"
    sys.stderr.write(f"\nthe first hour took {told}, {len(recipients)} letters\n")


def test_it_needs_no_javascript(walk, home):
    with Sink() as sink:
        walk(sink, script=False, width=NARROW, look=lambda _page, _name: None)
        _delivered(home)
    assert len(sink.received) > 4
