"""What another office hands down is taken over on a page that everybody can read."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from desk.web.words import LANGUAGE
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tasks.act import Act
from tasks.offices.handing_down import hand_down
from tasks.offices.receiving import receive
from tasks.offices.trusting import trust
from tests.neighbour import ABOVE, AT, BUNDLE, ON, Neighbour

OFFICE = "office/officer"
DUTY = "guangdong-2013/35.coaching/zhaoqing/2014"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def other(desk, tmp_path_factory):
    """An office that has taken over a duty of ours, and hands one down to us."""
    act = Act(OFFICE, ON, AT)
    with Ledger.open(load_settings({"DUBAN_HOME": str(desk.home)})) as ledger:
        made = Neighbour(tmp_path_factory.mktemp("other") / "home", ledger)
        trust(ledger, "zhaoqing", made.key, act)
        hand_down(ledger, [DUTY], act, to="zhaoqing")
        receive(ledger, made.reports(DUTY, said="場地未定"), act)
        receive(ledger, made.hands_down(), act)
    return made


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("path", [f"/handed?bundle={BUNDLE}", f"/duty/{DUTY}"])
def test_everybody_can_read_it_in_every_language(at_the_desk, path):
    page, found = at_the_desk(OFFICE), {}
    for lang in ("zh-Hant", "zh-Hans", "en"):
        page.context.add_cookies(
            [{"name": LANGUAGE, "value": lang, "domain": "127.0.0.1", "path": "/"}]
        )
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(path)
        assert page.locator("#h-handed, #h-chosen").count() == 1
        wrong = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        page.set_viewport_size({"width": 320, "height": 900})
        found[lang] = [each["id"] for each in wrong], page.evaluate(WIDER)
    assert set(map(str, found.values())) == {"([], 0)"}, found


@pytest.mark.usefixtures("other")
def test_it_is_taken_over_without_javascript_on_a_narrow_screen(at_the_desk):
    page = at_the_desk(OFFICE, width=320, script=False)
    page.goto("/handed")
    page.select_option("#lead", "wjmt")
    page.click(f"form[action='/handed/{BUNDLE}/take'] button")
    page.goto("/duty/guangdong-2013/43.local-plan/-/once")
    assert ABOVE in page.inner_text("main")
