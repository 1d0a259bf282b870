"""The days of an agency, the office and a reviewer, each done in a browser on the real plan."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import TYPE_CHECKING, NamedTuple

import pytest

from catalog.duties.standing import standing
from ledger.duties import duties
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tests.browser.conftest import AT, UNTIL
from tests.drafts import draft_slip

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.browser.conftest import Served

AGENCY, OFFICE, REVIEWER = "dongguan/officer", "office/officer", "office/reviewer"
FINDINGS = ("true", "doubtful", "false")
LATER = dt.timedelta(30)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"  # noqa: E501  one small document


class Way(NamedTuple):
    """How a person meets the desk."""

    script: bool
    width: int


@pytest.fixture(
    params=[Way(script=True, width=1440), Way(script=False, width=390)],
    ids=["with JavaScript at 1440", "without JavaScript at 390"],
)
def way(request: pytest.FixtureRequest) -> Way:
    return request.param


@pytest.fixture(scope="module")
def in_hand(desk: Served) -> Iterator[duties.Duty]:
    """Yield duties dongguan has in hand, one after another: no test meets another's."""
    return iter(_running(desk))


@pytest.fixture(scope="module")
def two_slips(desk: Served) -> str:
    """Draft one slip more, so that each way has one to release."""
    with Ledger.open(load_settings({"DUBAN_HOME": str(desk.home)})) as ledger:
        return draft_slip(ledger, at=AT)


def test_a_duty_goes_from_signing_to_closing_out(at_the_desk, desk, in_hand, way, tmp_path):
    duty = next(in_hand)
    document = tmp_path / "紀要.pdf"
    document.write_bytes(PDF)
    agency = at_the_desk(AGENCY, width=way.width, script=way.script)
    office = at_the_desk(OFFICE, width=way.width, script=way.script)

    if duty.acknowledged_on is None:
        _do(agency, duty.key, "acknowledge")
    _do(agency, duty.key, "progress", text="已發函徵求意見")
    _do(agency, duty.key, "ask-extension", to=f"{duty.due_on + LATER}", reason="須徵求鎮街意見")
    _do(office, duty.key, "grant-extension", document="粵辦〔2014〕3號")
    _do(agency, duty.key, "raise-problem", text="配套資金未落實")
    _file(agency, duty.key, document)
    _do(office, duty.key, "return", reason="缺少名單")
    _file(agency, duty.key, document)
    if duty.lead != duty.performer:
        lead = at_the_desk(f"{duty.lead}/officer", width=way.width, script=way.script)
        _do(lead, duty.key, "accept")
    _do(office, duty.key, "close")

    ended = _duty(desk, duty.key)
    assert (ended.closed_as, ended.filings, ended.due_on) == ("done", 2, duty.due_on + LATER)


def test_the_office_gives_to_another_what_an_agency_sends_back(at_the_desk, desk, in_hand, way):
    duty = next(in_hand)
    agency = at_the_desk(AGENCY, width=way.width, script=way.script)
    office = at_the_desk(OFFICE, width=way.width, script=way.script)
    _do(agency, duty.key, "refuse", reason="職能不在我市")
    _do(office, duty.key, "reassign", to="foshan", reason="改由佛山市承辦")
    other = at_the_desk("foshan/officer", width=way.width, script=way.script)
    _do(other, duty.key, "acknowledge")

    assert _duty(desk, duty.key).performer == "foshan"


def test_a_reviewer_draws_looks_finds_verifies_and_takes_it_all_along(at_the_desk, way):
    page = at_the_desk(REVIEWER, width=way.width, script=way.script)
    seed = f"2014-{way.width}"
    page.goto("/audit")
    page.select_option("#draw [name=of]", "evidence")
    page.fill("#draw [name=size]", "3")
    page.fill("#draw [name=seed]", seed)
    _press(page, "#draw button")
    sample = page.url
    assert seed in page.inner_text("main")

    _looks_at_a_duty_and_its_file(page)
    for number, finding in enumerate(FINDINGS):
        one = page.locator("form.finding").nth(number)
        one.locator(f"input[value={finding}]").check(force=True)
        one.locator("[name=text]").fill("" if finding == "true" else "無日期、無簽名")
        with page.expect_navigation():
            one.locator("button").click()
        assert (page.url.partition("?")[0], page.locator("main [role=status]").count()) == (
            sample,
            1,
        )
    assert page.locator("form.finding input:checked").count() == len(FINDINGS)

    page.goto("/audit")
    _press(page, "form[action='/audit/verify'] button")
    assert page.locator("main [role=status]").first.is_visible()
    with page.expect_download() as taken:
        page.click("a[href='/audit/history.json']")
    told = json.loads(taken.value.path().read_text("utf-8"))
    assert {"sampled", "found", "verified"} <= {entry["deed"] for entry in told}
    assert [e["payload"]["seed"] for e in told if e["deed"] == "sampled"][-1] == seed


def _looks_at_a_duty_and_its_file(page: Page) -> None:
    """Open the first file drawn, which is what its hash says, and the duty it belongs to."""
    with page.expect_download() as taken:
        page.locator("ol.samples a[href*='/evidence/']").first.click()
    digest = hashlib.sha256(taken.value.path().read_bytes()).hexdigest()
    assert digest in page.locator("ol.samples li").first.inner_text()
    page.locator("ol.samples li").first.locator("a[href^='/duty/'][lang=zh]").click()
    assert digest[:8] in page.inner_text("main")
    page.go_back()


def test_what_was_typed_stays_when_a_rule_refuses(at_the_desk, in_hand, way):
    duty = next(in_hand)
    page = at_the_desk(AGENCY, width=way.width, script=way.script)
    path = f"/duty/{duty.key}/do/ask-extension"
    page.goto(path)
    page.fill("#form [name=to]", "2013-01-01")
    page.fill("#form [name=reason]", "須徵求鎮街意見")
    page.click("#form button.p")

    assert page.locator(".wrong").first.is_visible()
    assert page.input_value("#form [name=reason]") == "須徵求鎮街意見"


@pytest.mark.usefixtures("two_slips")
def test_a_slip_is_released_from_its_page(at_the_desk, way):
    page = at_the_desk(OFFICE, width=way.width, script=way.script)
    page.goto("/slips")
    before = page.locator("a[href^='/slips/']").count()
    page.locator("a[href^='/slips/']").first.click()
    with page.expect_navigation():
        page.locator("form[action$='/release'] button").click()

    assert before > 0
    assert page.locator("[role=status]").is_visible()


def test_an_agency_reports_by_keyboard_alone(at_the_desk, in_hand):
    duty = next(in_hand)
    page = at_the_desk(AGENCY)
    page.goto(f"/duty/{duty.key}/do/progress")
    for _ in range(60):
        if page.evaluate("document.activeElement.name") == "text":
            break
        page.keyboard.press("Tab")
    page.keyboard.type("已完成一半")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "/receipt/" in page.url


def test_the_first_key_leads_past_the_menu(at_the_desk):
    page = at_the_desk(AGENCY)
    page.goto("/in")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.url.endswith("#m")


def _do(page: Page, key: str, deed: str, **fields: str) -> None:
    """Do a deed by its form; the receipt is what one sees then."""
    page.goto(f"/duty/{key}/do/{deed}")
    for name, value in fields.items():
        field = page.locator(f"#form [name={name}]")
        chosen = field.evaluate("field => field.tagName") == "SELECT"
        field.select_option(value) if chosen else field.fill(value)
    _send(page)


def _file(page: Page, key: str, document: Path) -> None:
    page.goto(f"/duty/{key}/do/file")
    page.fill("#form [name=summary]", "已完成")
    for field in page.query_selector_all("#form input[type=file]"):
        field.set_input_files(document)
    _send(page)


def _press(page: Page, button: str) -> None:
    with page.expect_navigation():
        page.click(button)


def _send(page: Page) -> None:
    _press(page, "#form button.p")
    assert "/receipt/" in page.url, page.inner_text("main")


def _running(desk: Served) -> list[duties.Duty]:
    """Return the duties dongguan has in hand, none with a decision pending."""
    with (
        Ledger.open(load_settings({"DUBAN_HOME": str(desk.home)})) as ledger,
        ledger.read() as conn,
    ):
        held = [d for d in duties.listed(conn) if d.performer == "dongguan" and d.opened_on]
    quiet = {"on-course", "awaiting-receipt", "due-soon"}
    return [d for d in held if standing(duties.facts(d), UNTIL).status in quiet]


def _duty(desk: Served, key: str) -> duties.Duty:
    with (
        Ledger.open(load_settings({"DUBAN_HOME": str(desk.home)})) as ledger,
        ledger.read() as conn,
    ):
        return duties.one(conn, key)
