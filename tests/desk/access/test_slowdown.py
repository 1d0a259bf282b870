"""Failed sign-ins slow down by login and address; a known browser gets through."""

from __future__ import annotations

import asyncio
import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from threading import Timer

import pytest
import sqlalchemy as sa

from desk.access import known_browser, slowdown
from desk.access.apart import Patient
from desk.app import create_app
from desk.pages.people.signin import PATIENT
from ledger.people import signin as kept
from ledger.people import users as ledger_users
from tasks.people import passwords
from tests.desk.visitors import PASSWORD, Browser, enter

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
MONTH_LATER = dt.datetime(2026, 12, 21, tzinfo=dt.UTC)


def fail(browser, times, user="chen"):
    for _ in range(times):
        answer = enter(browser, user=user, password="wrong horse battery")
    return answer


def at(app, address) -> Browser:
    """A browser that nobody has signed in with, at this address."""
    return Browser(app, client=(address, 50000))


@pytest.mark.both
@pytest.mark.usefixtures("_chen")
def test_after_five_failures_a_name_waits_even_with_the_right_password(browser, clock):
    assert "嘗試次數過多" not in fail(browser, 5).text

    waits = enter(browser)
    clock.pass_(minutes=5)

    assert (waits.status_code, "嘗試次數過多" in waits.text) == (403, True)
    assert enter(browser).status_code == 303


@pytest.mark.usefixtures("_chen")
def test_wrong_passwords_from_elsewhere_keep_nobody_out(app):
    for number in range(6):
        fail(at(app, f"10.0.0.{number}"), 7)

    assert enter(at(app, "10.0.1.1")).status_code == 303


@pytest.mark.usefixtures("_chen")
def test_tries_from_many_places_wait_together_but_not_those_of_a_known_browser_or_place(
    app, clock, monkeypatch
):
    monkeypatch.setitem(slowdown.LIMITS, "login", slowdown.Limit(3, slowdown.MINUTE))
    own, office = at(app, "10.0.0.1"), at(app, "10.0.0.1")
    enter(own)
    own.cookies.delete("duban")
    for number in range(3):
        fail(at(app, f"10.0.1.{number}"), 1)
    moved = at(app, "10.0.0.2")
    moved.cookies.update(own.cookies)

    assert "嘗試次數過多" in enter(at(app, "10.0.0.3")).text
    assert enter(moved).status_code == 303
    assert enter(office).status_code == 303
    clock.pass_(minutes=1)
    assert enter(at(app, "10.0.0.3")).status_code == 303


@pytest.mark.usefixtures("_chen")
def test_a_known_browser_gets_through_the_limit_of_its_address_and_has_one_of_its_own(
    browser, app, monkeypatch
):
    enter(browser)
    browser.cookies.delete("duban")
    monkeypatch.setitem(slowdown.LIMITS, "address", slowdown.Limit(2, slowdown.MINUTE))
    fail(Browser(app), 2, user="nobody")

    assert enter(Browser(app)).status_code == 403
    assert enter(browser).status_code == 303
    browser.cookies.delete("duban")
    fail(browser, 5)
    assert "嘗試次數過多" in enter(browser).text


@pytest.mark.usefixtures("_chen")
def test_a_browser_is_known_to_those_who_signed_in_with_it_and_no_secret_is_in_its_cookie(
    browser, desk_ledger
):
    passwords.set_password(desk_ledger, ["wu"], PASSWORD, at=AT, actor="test")
    answer = enter(browser)
    cookie = browser.cookies["duban-known"]
    browser.cookies.delete("duban")
    enter(browser, user="wu")
    both = browser.cookies["duban-known"]
    with desk_ledger.read() as conn:
        people = {user: (ledger_users.user(conn, user), kept.credential(conn, user))
                  for user in ("chen", "wu")}  # fmt: skip

    assert "Max-Age=34560000" in answer.headers["Set-Cookie"]
    assert both.split(".")[0] == cookie.split(".")[0]
    assert [known_browser.is_known(both, *people[user]) for user in people] == [True, True]
    assert [known_browser.is_known(cookie, *people[user]) for user in people] == [True, False]
    assert "chen" not in both


@pytest.mark.usefixtures("_chen")
def test_an_address_waits_whatever_name_it_tries(browser, monkeypatch):
    monkeypatch.setitem(slowdown.LIMITS, "address", slowdown.Limit(3, slowdown.MINUTE))
    for number in range(3):
        enter(browser, user=f"nobody{number}")

    assert "嘗試次數過多" in enter(browser).text


@pytest.mark.usefixtures("_chen")
def test_tries_of_a_clock_that_was_once_ahead_are_no_reason_to_wait(browser, clock):
    clock.pass_(days=365)
    fail(browser, 5)
    clock.pass_(days=-365)

    assert enter(browser).status_code == 303


@pytest.fixture
def behind_proxy(app, clock):
    """Return the desk of `app` that believes these proxies."""
    made = []

    def _behind(*proxies: str):
        made.append(create_app(replace(app.state.desk.settings, proxies=proxies), clock=clock))
        return made[-1]

    yield _behind
    for each in made:
        each.state.desk.ledger.close()


def callers(app, proxy, forwarded, monkeypatch) -> int:
    """Return how many addresses a desk sees when one caller after the other comes by a proxy."""
    seen = set()
    monkeypatch.setattr(slowdown, "network", lambda address: seen.add(address) or address)
    for each in forwarded:
        enter(Browser(app, client=(proxy, 50000)), headers={"X-Forwarded-For": each})
    return len(seen)


@pytest.mark.usefixtures("_chen")
@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "count"),
    [
        ((), "127.0.0.1", ["10.0.0.1", "10.0.0.2"], 1),
        (("127.0.0.1/32",), "127.0.0.1", ["10.0.0.1", "10.0.0.2"], 2),
        (("10.1.0.0/16",), "10.1.2.3", ["10.0.0.1", "10.0.0.2"], 2),
        (("10.1.0.0/16",), "10.2.2.3", ["10.0.0.1", "10.0.0.2"], 1),
        (("127.0.0.1/32",), "127.0.0.1", ["1.1.1.1, 10.0.0.1", "2.2.2.2, 10.0.0.1"], 1),
        (("10.1.0.0/16", "127.0.0.1/32"), "127.0.0.1", ["10.0.0.1, 10.1.0.9", "10.0.0.1"], 1),
    ],
)
def test_only_configured_proxies_are_believed_about_an_address(  # noqa: PLR0917  a table
    behind_proxy, monkeypatch, proxies, peer, forwarded, count
):
    assert callers(behind_proxy(*proxies), peer, forwarded, monkeypatch) == count


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("10.0.0.1", "10.0.0.1"),
        ("::ffff:10.0.0.1", "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_an_address_of_ipv6_counts_as_its_subscribers_network(address, network):
    assert slowdown.network(address) == network


@pytest.mark.usefixtures("_chen")
def test_strangers_wait_in_a_short_line_of_their_own(browser, app, desk_ledger, monkeypatch):
    monkeypatch.setattr(PATIENT, "longest", 0.1)
    enter(browser)
    browser.cookies.delete("duban")
    with ExitStack() as others:
        for _ in range(passwords.PLACES):
            others.enter_context(passwords.STRANGERS.place())
        answers = [enter(at(app, "10.0.0.1")) for _ in range(6)]
        known = enter(browser)

    assert {answer.status_code for answer in answers} == {503}
    assert "登錄人數過多" in answers[0].text
    assert known.status_code == 303
    with desk_ledger.read() as conn:
        assert kept.tries(conn, [slowdown.name("address", "10.0.0.1")]) == []


@pytest.mark.usefixtures("_chen")
def test_who_finds_the_line_full_waits_a_little_for_a_place(browser):
    with ExitStack() as others:
        for _ in range(passwords.PLACES):
            others.enter_context(passwords.STRANGERS.place())
        Timer(0.2, others.pop_all().close).start()
        assert enter(browser).status_code == 303


def test_no_more_wait_for_a_place_than_there_is_room_for():
    places = iter([False] * 6 + [True] * 3)

    def handler(number):
        if not next(places):
            raise passwords.BusyError("sign-in-busy")
        return number

    async def all_at_once():
        patient = Patient(waiting=2, longest=5, busy=lambda number: -number)(handler)
        return await asyncio.gather(*(patient(number=number) for number in range(1, 6)))

    with ThreadPoolExecutor(1) as apart:  # a browser's loop may be alive in this thread
        answers = apart.submit(lambda: asyncio.run(all_at_once())).result()
    assert [abs(answer) for answer in answers] == [1, 2, 3, 4, 5]
    assert sum(answer > 0 for answer in answers) == 3


@pytest.mark.both
@pytest.mark.usefixtures("_chen")
def test_what_failed_and_what_ended_is_forgotten(browser, desk_ledger, clock):
    enter(browser, user="nobody")
    enter(browser)
    clock.at = MONTH_LATER
    browser.cookies.clear()
    enter(browser)

    with desk_ledger.read() as conn:
        assert len(conn.execute(sa.select(kept.SESSIONS)).all()) == 1
        assert len(conn.execute(sa.select(kept.TRIES)).all()) < 4
