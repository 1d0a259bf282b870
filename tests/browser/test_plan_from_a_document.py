"""An office uploads a document, settles each phrase, publishes it, and sees its first duties."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from desk.web.words import LANGUAGE
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.sweep.sweep import sweep
from tasks.tick import Tick
from tests.browser.conftest import AT, UNTIL

if TYPE_CHECKING:
    from playwright.sync_api import Page

OFFICE = "office/officer"
TEXT = """\
廣東省加工貿易企業服務行動計劃(2013-2015年)
2013年12月20日
一、服務企業
1.開展摸底。2014年3月底前完成企業摸底。(省外經貿廳、省財政廳負責)
2.定期會商。每年召開2-3次會商會議。(省財政廳、省統計局負責)
二、完善平台
3.建設平台。2015年,服務企業達到1000家。近期完成平台改造。(省科技廳負責)
4.加強保障。省經濟和信息化委、省教育廳按職責分工負責。
"""


@pytest.fixture(
    params=[(True, 1440), (False, 320)],
    ids=["with JavaScript at 1440", "without JavaScript at 320"],
)
def way(request):
    return request.param


def test_a_document_is_settled_and_published_and_its_duties_stand_in_the_ledger(
    at_the_desk, desk, way, tmp_path
):
    script, width = way
    code = f"service-{width}"
    page = at_the_desk(OFFICE, width=width, script=script)
    _upload(page, tmp_path, code)
    _settle(page)
    page.click("a[href^='/plans/publish?draft=']")
    with page.expect_navigation():
        page.click("form[action='/plans/publish'] button.p")
    assert "said=plans.said.published" in page.url

    with Ledger.open(load_settings({"DUBAN_HOME": str(desk.home)})) as ledger:
        sweep(ledger, Tick(code, UNTIL, AT))
    page.goto(f"/ledger?plan={code}")
    assert page.locator(f"main a[href^='/duty/{code}/']").count() > 0
    assert "完成企業摸底" in page.inner_text("main")


@pytest.mark.parametrize("lang", ["zh-Hant", "zh-Hans", "en"])
def test_its_pages_can_be_read_by_everybody(at_the_desk, lang, tmp_path):
    page = at_the_desk(OFFICE, width=1280)
    _upload(page, tmp_path, f"read-{lang.lower()}")
    language = {"name": LANGUAGE, "value": lang, "domain": "127.0.0.1", "path": "/"}
    page.context.add_cookies([language])
    draft = page.url
    for path in (
        "/plans/drafts",
        draft,
        *(f"{draft}/correct/{a}" for a in ("plan", "1", "2.meeting")),
    ):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        assert [wrong["id"] for wrong in Axe().run(page).response["violations"]] == [], path
        page.set_viewport_size({"width": 320, "height": 900})
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth - {root}.clientWidth") <= 0, path


def _upload(page: Page, folder, code: str) -> None:
    document = folder / "方案.txt"
    document.write_text(TEXT, encoding="utf-8")
    page.goto("/plans/drafts")
    page.set_input_files("#upload", document)
    page.fill("#code", code)
    page.select_option("#agencies", "guangdong-2013")
    with page.expect_navigation():
        page.click("form[action='/plans/drafts'] button")


def _settle(page: Page) -> None:
    """Answer every question by its last reading or by typing, then take what is left."""
    assert page.locator(".source mark").count() > 3
    while page.locator("form.ask input[type=radio]").count():
        form = page.locator("form.ask").filter(has=page.locator("input[type=radio]")).first
        form.locator("input[type=radio]").last.check()
        with page.expect_navigation():
            form.locator("button").click()
    while page.locator("article form.ask").count():
        card = page.locator("article").filter(has=page.locator("form.ask")).first
        with page.expect_navigation():
            card.locator("a[href*='/correct/']").click()
        _lead(page)
    while page.locator("button[value=take]").count():
        with page.expect_navigation():
            page.locator("button[value=take]").first.click()


def _lead(page: Page) -> None:
    """Say in the form who leads."""
    page.select_option("#lead", "economy")
    with page.expect_navigation():
        page.click("form.form button")
