"""A clerk settles 40 past rows of their own tracker in the browser, without a command line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from ledger.offices.installation import load_settings
from ledger.post import notices
from ledger.session import Ledger
from tasks.past.listing import past
from tests.browser import from_a_tracker
from tests.browser.conftest import free_port, serving

if TYPE_CHECKING:
    from pathlib import Path

WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
MOST_CLICKS, MOST_FIELDS = 12, 12


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home whose plan is in force in its middle."""
    made = tmp_path / "home"
    with Ledger.open(load_settings({"DUBAN_HOME": str(made)})) as ledger:
        from_a_tracker.prepare(ledger, dt.datetime.now(dt.UTC), tmp_path)
    (made / "demo-password").write_text(from_a_tracker.PASSWORD, encoding="utf-8")
    return made


@pytest.mark.parametrize(
    "way",
    [(True, 1440, False), (False, 390, True)],
    ids=["with JavaScript at 1440", "without JavaScript at 390 by keyboard"],
)
def test_forty_past_rows_are_settled_in_the_browser(chromium, home, tmp_path, way):
    script, width, by_keyboard = way
    faults: list[object] = []

    def check(name: str) -> None:
        if script:
            wrong = Axe().run(page).response["violations"]
            faults.extend((name, each["id"], each["nodes"][0]["target"]) for each in wrong)
        wide = page.evaluate(WIDER)
        faults.extend([(name, "wider", wide)] if wide > 0 else [])

    with serving(home, free_port()) as desk:
        context = chromium.new_context(
            base_url=desk.url,
            java_script_enabled=script,
            locale="zh-CN",
            viewport={"width": width, "height": 900},
        )
        page = context.new_page()
        page.set_default_timeout(20_000)
        cost = from_a_tracker.walk(page, check, folder=tmp_path, by_keyboard=by_keyboard)
        receipt = page.inner_text("main")
        context.close()
    print(f"{cost.seconds / 60:.1f} minutes, {cost.clicks} clicks, {cost.fields} fields")
    assert "40" in receipt
    assert faults == []
    assert (cost.clicks <= MOST_CLICKS, cost.fields <= MOST_FIELDS) == (True, True)
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger, ledger.read() as conn:
        assert past(conn, from_a_tracker.PLAN) == []
        assert {n.form for n in notices.listed(conn)} <= {"notice", "digest"}
