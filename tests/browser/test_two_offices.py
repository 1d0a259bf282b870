"""Two offices of one installation, side by side in one browser."""

from __future__ import annotations

import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe

from ledger.offices.installation import load_settings
from ledger.offices.jurisdictions import Jurisdiction, settings_of
from tasks.offices.add import add
from tests.browser.conftest import free_port, serving, sign_in
from tests.browser.test_everybody_can_read import FAULTS_ALONE, WIDER

CITY = "xin-cheng"
NAMES = ("省外經貿廳協調辦公室", "新城區推進加工貿易轉型升級工作領導小組辦公室督查督辦室")


@pytest.fixture(scope="module")
def desk(lived, tmp_path_factory):
    """Serve a home in which the main office and another one have lived the same."""
    home, port = tmp_path_factory.mktemp("offices") / "home", free_port()
    shutil.copytree(lived, home)
    settings = load_settings({"DUBAN_HOME": str(home)})
    add(settings, Jurisdiction(CITY, NAMES[1], f"http://{CITY}.localhost:{port}"))
    shutil.copytree(lived, settings_of(settings, CITY).home, dirs_exist_ok=True)
    with serving(home, port) as served:
        yield served


def test_a_person_is_signed_in_at_both_and_out_at_one(at_the_desk, desk):
    there = _there(desk)
    province = at_the_desk("office/officer")
    city = province.context.new_page()
    sign_in(city, "dongguan/officer", desk.password, at=there)

    province.reload()
    assert [page.locator(".office").inner_text() for page in (province, city)] == [*NAMES]
    assert all(page.locator(".me").is_visible() for page in (province, city))

    city.click(".top form[action='/sign-out'] button")
    province.reload()
    city.goto(f"{there}/account")
    assert "/sign-in" in city.url
    assert province.locator(".me").is_visible()


@pytest.mark.parametrize("width", [1440, 320])
def test_the_long_name_of_an_office_fits_where_nobody_is_signed_in(at_the_desk, desk, width):
    page = at_the_desk(width=width)
    page.goto(f"{_there(desk)}/sign-in")
    assert page.locator(".office").inner_text() == NAMES[1]
    assert page.evaluate(WIDER) == 0
    assert Axe().run(page, options=FAULTS_ALONE).response["violations"] == []


def _there(desk):
    return desk.url.replace("127.0.0.1", f"{CITY}.localhost")
