"""The code of an empty home, and who is let in without it: nobody."""

from __future__ import annotations

import datetime as dt

import pytest

from desk.access import setup_code
from desk.commands import first_codes
from desk.hosts import Hosts
from ledger.offices.jurisdictions import Jurisdiction, settings_of
from ledger.people import users
from ledger.proof import chain
from tasks.offices.add import add as add_office
from tasks.people.users import Newcomer
from tasks.people.users import add as add_users
from tasks.setup import founding
from tests.desk.pages.setup.way import PASSWORD, founded, founded_again, named, post, shown
from tests.desk.visitors import Browser, is_in


@pytest.mark.usefixtures("code")
def test_every_page_of_an_empty_home_leads_to_the_code(browser):
    for path in ("/", "/ledger", "/sign-in", "/settings", "/setup/office", "/setup/go", "/account"):
        answer = browser.get(path)
        assert (answer.url.path, answer.status_code) == ("/setup", 200), path
        assert 'name="code"' in answer.text


def test_a_wrong_code_is_refused_and_tries_slow_down(browser, code):
    for _ in range(5):
        assert shown(browser, "aaaa-bbbb-cccc-dddd").status_code == 403
    answer = shown(browser, code)
    assert (answer.status_code, 'name="code"' in answer.text) == (403, True)


def test_a_code_is_good_once(browser, empty, code):
    assert shown(browser, code).url.path == "/setup/office"
    other = Browser(empty)
    assert shown(other, code).status_code == 409
    assert other.get("/setup/office").url.path == "/setup"


def test_a_code_is_good_for_an_hour(browser, clock, code):
    clock.pass_(minutes=61)
    assert shown(browser, code).status_code == 409


def test_a_new_start_ends_the_code_and_the_browser_before(browser, home, clock, code):
    named(browser, code)
    new = setup_code.issue(home, clock())
    assert browser.get("/setup/office").url.path == "/setup"
    assert shown(browser, f" {new.upper().replace('-', ' ')} ").url.path == "/setup/office"


def test_the_code_is_kept_as_a_hash_for_its_owner_alone(home, code):
    file = home / setup_code.CODE
    assert code.replace("-", "") not in file.read_text().replace("-", "")
    assert file.stat().st_mode & 0o077 == 0


def test_a_form_of_another_site_is_refused(browser, code):
    assert (
        browser.post(
            "/setup/code", data={"code": code}, headers={"Origin": "https://evil.example"}
        ).status_code
        == 403
    )
    named(browser, code)
    assert browser.post("/setup/office", data={"name": "x"}).status_code == 403


def test_the_first_administrator_ends_the_code_and_goes_on(
    browser, empty, home, code, ledger_of_it
):
    answer = founded(browser, code)
    assert answer.url.path == "/setup/mail"
    assert is_in(browser)
    assert [path.name for path in home.glob("setup-*")] == []
    with ledger_of_it.read() as conn:
        assert {u.id: u.role for u in users.listed(conn)} == {
            "admin": "administrator",
            "li": "officer",
        }
        entries = list(chain.entries(conn))
    assert {e.actor for e in entries if e.deed in {"admitted", "office-named"}} == {"setup"}
    assert PASSWORD not in str(entries)
    stranger = Browser(empty)
    assert stranger.get("/setup").url.path == "/sign-in"
    assert stranger.get("/setup/administrator").url.path == "/sign-in"


def test_another_officer_gets_a_password_shown_once(browser, empty, code):
    answer = founded(browser, code, same="", officer_name="王芳")
    assert answer.status_code == 200
    password = answer.text.split('class="hash whole">')[1].split("<")[0]
    other = Browser(empty)
    entered = other.post(
        "/sign-in", data={"user": "li", "password": password}, follow_redirects=False
    )
    assert entered.headers["location"].startswith("/sign-in/password")


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "short", "again": "short"},
        {"again": "another one"},
        {"login": "two words"},
        {"officer": "admin"},
        {"officer": ""},
        {"mail": "not-an-address"},
        {"name": ""},
    ],
)
def test_nobody_is_added_by_a_form_that_is_wrong(browser, code, ledger_of_it, wrong):
    assert founded(browser, code, **wrong).status_code == 422
    with ledger_of_it.read() as conn:
        assert users.listed(conn) == []
    assert founded_again(browser).url.path == "/setup/mail"


def test_a_home_with_users_but_no_plan_is_never_offered(browser, home, ledger_of_it):
    at = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    founding.name_office(ledger_of_it, "市政府督查室", at=at, actor="test")
    old = [Newcomer("chen", "陈", "office", "administrator"), Newcomer("li", "李", "office")]
    add_users(ledger_of_it, old, since=at.date(), at=at, actor="test")
    assert first_codes.setup_codes(ledger_of_it.settings, 8180, at=at) == [
        "no plan is in force yet: an administrator goes on at /setup"
    ]
    assert [path.name for path in home.glob("setup-*")] == []
    assert browser.get("/setup").url.path == "/sign-in"
    assert browser.post("/setup/code", data={"code": "x"}).status_code == 404


def test_a_service_leaves_the_code_in_a_file_for_its_owner(home, ledger_of_it):
    at = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    (line,) = first_codes.setup_codes(ledger_of_it.settings, 8180, at=at)
    file = home / setup_code.PLAIN
    assert f"{file}" in line
    assert file.read_text().strip() not in line
    assert file.stat().st_mode & 0o077 == 0


def test_two_offices_have_a_code_each(home, database, clock):
    settings = database.settings(home)
    add_office(settings, Jurisdiction("xin", "新城區督辦室", "http://xin.localhost:8180"))
    hosts = Hosts(settings, clock=clock)
    assert len(first_codes.setup_codes(settings, 8180, at=clock())) == 2
    here = (home / setup_code.PLAIN).read_text()
    there = (settings_of(settings, "xin").home / setup_code.PLAIN).read_text()
    assert here != there
    xin = Browser(hosts, at="http://xin.localhost:8180")
    assert shown(xin, here).status_code == 403
    assert shown(xin, there).url.path == "/setup/office"
    assert Browser(hosts).get("/setup/office").url.path == "/setup"
    post(xin, "/setup/office", name="新城区督查室", lang="en")
    assert settings_of(settings, "xin").lang == "en"
    assert settings_of(settings, "").lang == "zh-Hant"


def test_two_browsers_at_once_make_one_administrator(browser, empty, code, ledger_of_it):
    named(browser, code)
    page = browser.get("/setup/administrator").text
    assert founded_again(browser).url.path == "/setup/mail"
    again = Browser(empty, cookies=browser.cookies)
    assert 'name="password"' in page
    assert founded_again(again).status_code == 422
    with ledger_of_it.read() as conn:
        assert {u.id for u in users.listed(conn)} == {"admin", "li"}
