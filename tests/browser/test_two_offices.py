"""Two offices of one installation, side by side in one browser."""

from __future__ import annotations

import shutil

import pytest

from ledger.jurisdictions import Jurisdiction, add, settings_of
from ledger.settings import load_settings
from tests.browser.conftest import free_port, serving, sign_in

CITY = "xin-cheng"
NAMES = ("省外經貿廳協調辦公室", "新城區督辦室")


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
    there = desk.url.replace("127.0.0.1", f"{CITY}.localhost")
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
