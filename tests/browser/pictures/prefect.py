"""Pictures of Prefect's pages, as an operator sees them after days of the demonstration."""

from __future__ import annotations

import datetime as dt
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.plans.load import load_plan
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.demo import play
from tests.browser.pictures.taking import chromium, save
from tests.flows.running import PLAN, Stack, end, eventually, start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

EVE = dt.date(2014, 11, 16)  # of the day on which the agenda of 40.meeting is prepared
DAYS = 15  # until 2014-12-01, thirty days before most of a year's duties are due
SETTINGS = {"DUBAN_COURSES": "100", "DUBAN_BASE_URL": "http://127.0.0.1:8180"}
WIDTH = 1440
HEIGHTS = {"meeting": 620, "report": 620, "fairs": 1620}  # of others 1000
FAIRS = "measure:8,measure:10,measure:21,measure:24"
NAMES = {
    "40.meeting": "40 召開粵港專題專責小組會議 2014-11-17",
    "32.yearly-report": "32 向省政府上報當年的綜合評價分析報告 2014-11-17",
}


def take() -> None:
    """Have Prefect sweep days of the demonstration, sign in to its pages, take every picture."""
    with tempfile.TemporaryDirectory() as folder, _swept(Path(folder) / "home") as stack:
        paths = dict(_paths(stack))
        with chromium() as browser:
            page = browser.new_page(base_url=f"http://127.0.0.1:{stack.port}")
            page.set_default_timeout(60_000)
            _sign_in(page, stack.secret.read_text(encoding="ascii"))
            for name, path in paths.items():
                page.set_viewport_size({"width": WIDTH, "height": HEIGHTS.get(name, 1000)})
                page.goto(f"/v2/{path}")
                page.wait_for_load_state("networkidle")
                page.wait_for_timeout(1_500)  # the charts move into place
                save(page, f"prefect-{name}")


@contextmanager
def _swept(home: Path) -> Iterator[Stack]:
    """Yield a stack that has swept the plan's first day, and the days after EVE.

    The months between are lived without Prefect.
    """
    with Ledger.open(load_settings({"DUBAN_HOME": str(home)})) as ledger:
        play.begin(ledger, load_plan(PLAN))
        with _running(home) as stack:
            eventually(lambda: stack.finished(PLAN))
        play.play(ledger, PLAN, until=EVE, progress=lambda _: None)
    with _running(home) as stack:
        assert stack.run("demo", days=DAYS)["state_type"] == "COMPLETED"
        last = f"{EVE + dt.timedelta(DAYS)}"
        eventually(lambda: last in _deployments(stack)["40.meeting"]["description"])
        yield stack


@contextmanager
def _running(home: Path) -> Iterator[Stack]:
    stack = start(home, **SETTINGS)
    try:
        yield stack
    finally:
        end(stack)


def _sign_in(page: Page, secret: str) -> None:
    """Sign in by the form, as an operator does."""
    page.goto("/v2/login")
    page.fill("input", secret)
    page.press("input", "Enter")
    page.wait_for_url("**/dashboard*")


def _paths(stack: Stack) -> Iterator[tuple[str, str]]:
    """Yield the name of each picture and the path of its page."""
    yield "deployments", "deployments?tags=%5B%22course%22%5D&limit=25"
    meeting = _deployments(stack)["40.meeting"]["id"]
    yield "deployment", f"deployments/deployment/{meeting}?tab=Description"
    for picture, obligation in (("meeting", "40.meeting"), ("report", "32.yearly-report")):
        (run,) = stack.ask("flow_runs/filter", _named("flow_runs", "name", NAMES[obligation]))
        yield picture, f"runs/flow-run/{run['id']}?tab=Logs"
    flows = stack.ask("flows/filter", {"flows": {"name": {"any_": ["event", "milestone"]}}})
    ids = ",".join(flow["id"] for flow in flows)
    yield "fairs", f"runs?range=past-24-hours&sort=START_TIME_ASC&tags={FAIRS}&flows={ids}"
    for picture, key in (("sheet", f"{PLAN}-40-meeting"), ("ahead", f"ahead-{PLAN}")):
        (sheet,) = stack.ask("artifacts/latest/filter", _named("artifacts", "key", key))
        yield picture, f"artifacts/artifact/{sheet['latest_id']}"


def _deployments(stack: Stack) -> dict[str, dict[str, str]]:
    """Return the deployments of obligations by the obligation's id."""
    tagged = {"deployments": {"tags": {"all_": ["course"]}}}
    found = stack.ask("deployments/filter", tagged)
    return {deployment["parameters"]["obligation"]: deployment for deployment in found}


def _named(of: str, field: str, name: str) -> dict[str, dict[str, dict[str, list[str]]]]:
    return {of: {field: {"any_": [name]}}}
