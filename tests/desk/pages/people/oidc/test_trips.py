"""Who comes back from the provider is signed in once, in the browser that set out."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest

from desk.access import oidc, signin
from desk.app import create_app
from ledger.people import signin as kept
from ledger.proof import chain
from ledger.settings import Oidc
from tasks.people import users
from tests.databases import rows
from tests.desk.pages.people.oidc.trips import (
    NO_LOGIN,
    NOT_SURE,
    STALE,
    come_back,
    refused,
    set_out,
    sign_in,
    way_back,
)
from tests.desk.pages.provider import CLIENT, SECRET
from tests.desk.visitors import HERE, Browser, is_in

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)


@pytest.mark.both
def test_who_the_provider_vouches_for_is_signed_in_and_led_on(browser):
    answer = sign_in(browser, "/account?plan=guangdong-2013")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/account?plan=guangdong-2013"
    assert is_in(browser)
    assert "陳文靜" in browser.get("/account").text


def test_the_history_tells_by_whom_somebody_was_let_in(browser, desk, provider):
    sign_in(browser)

    with desk.state.desk.ledger.read() as conn:
        last = list(chain.entries(conn, subject="chen"))[-1]
    assert (last.deed, last.payload["by"]) == ("signed-in", provider.issuer)


def test_nothing_is_offered_where_no_provider_is_set(app):
    plain = Browser(app)

    assert "/sign-in/oidc" not in plain.get("/sign-in").text
    assert plain.post("/sign-in/oidc").status_code == 404
    assert plain.get("/sign-in/oidc/back?state=a&code=b").status_code == 404


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "/\\evil"])
def test_nobody_is_led_to_another_site(browser, then):
    assert sign_in(browser, then).headers["Location"] == "/"


@pytest.mark.parametrize("state", ["", "x", "0" * 64, "全"])
def test_a_wrong_state_signs_nobody_in(browser, state):
    path = way_back(set_out(browser))
    query = dict(parse_qsl(urlsplit(path).query)) | {"state": state}

    assert refused(come_back(browser, f"/sign-in/oidc/back?{urlencode(query)}"), STALE)
    assert not is_in(browser)


@pytest.mark.both
def test_a_state_is_good_once(browser):
    path = way_back(set_out(browser))
    cookie = browser.cookies["duban-trip"]
    assert come_back(browser, path).status_code == 303
    browser.cookies.clear()
    browser.cookies.set("duban-trip", cookie)

    assert refused(come_back(browser, path), STALE)


def test_a_state_is_good_only_in_the_browser_it_was_given_to(browser, desk):
    path = way_back(set_out(browser))
    victim = Browser(desk)

    assert refused(come_back(victim, path), STALE)
    assert come_back(browser, path).status_code == 303


def test_who_takes_longer_than_ten_minutes_begins_again(browser, clock):
    path = way_back(set_out(browser))
    clock.pass_(minutes=10, seconds=1)

    assert refused(come_back(browser, path), STALE)


def test_neither_state_nor_what_follows_from_the_cookie_is_kept(browser, desk):
    path = way_back(set_out(browser))
    trip = oidc.Trip(browser.cookies["duban-trip"])
    with desk.state.desk.ledger.read() as conn:
        dumped = str(rows(conn))

    assert parse_qs(urlsplit(path).query)["state"] == [trip.state]
    assert signin.hashed(trip.state) in dumped
    assert not [s for s in (trip.secret, trip.state, trip.nonce, trip.verifier) if s in dumped]


@pytest.mark.both
def test_what_was_spent_is_gone(browser, desk):
    sign_in(browser)

    with desk.state.desk.ledger.read() as conn:
        assert conn.execute(kept.TRIPS.select()).all() == []


@pytest.mark.both
def test_who_never_came_back_is_forgotten(browser, desk, clock):
    set_out(browser)
    clock.pass_(minutes=10, seconds=1)
    set_out(browser)

    with desk.state.desk.ledger.read() as conn:
        assert len(conn.execute(kept.TRIPS.select()).all()) == 1


@pytest.mark.parametrize("user", ["nobody", "Chen", "chen ", ""])
def test_whom_nobody_admitted_here_stays_out_and_is_not_created(browser, desk, provider, user):
    provider.user = user

    answer = sign_in(browser)
    assert refused(answer, NO_LOGIN)
    assert not is_in(browser)
    with desk.state.desk.ledger.read() as conn:
        assert list(chain.entries(conn, subject=user)) == []


def test_a_disabled_user_stays_out(browser, desk, provider):
    users.disable(desk.state.desk.ledger, "li", on=dt.date(2014, 1, 24), at=AT, actor="lin")
    provider.user = "li"

    assert refused(sign_in(browser), NO_LOGIN)


def test_another_claim_may_hold_the_login(app, provider, clock):
    provider.spoil = {"preferred_username": "nobody", "employee": "wu"}
    known = Oidc(provider.issuer, CLIENT, SECRET, "employee")
    made = create_app(replace(app.state.desk.settings, base_url=HERE, oidc=known), clock=clock)
    browser = Browser(made)
    sign_in(browser)

    assert "吳敏" in browser.get("/account").text
    made.state.desk.ledger.close()


def test_signing_in_ends_the_session_before(browser, desk, clock):
    with desk.state.desk.ledger.transaction() as tx:
        before = signin.begin(tx, "li", at=clock(), proved=True)
    browser.cookies.set("duban", before)
    path = way_back(browser.post_form("/sign-in/oidc", shown_on="/account", then="/account"))
    come_back(browser, path)
    again = Browser(desk)
    again.cookies.set("duban", before)

    assert "陳文靜" in browser.get("/account").text
    assert not is_in(again)


@pytest.mark.parametrize(("office", "who"), [("", "陳文靜"), ("city", "李志強"), ("town", None)])
def test_a_login_of_one_office_does_not_enter_the_same_login_of_another(
    app, provider, clock, office, who
):
    provider.spoil = {"login_main": "chen", "login_city": "li"}
    known = Oidc(provider.issuer, CLIENT, SECRET, "login_{office}")
    settings = replace(app.state.desk.settings, base_url=HERE, oidc=known, jurisdiction=office)
    made = create_app(settings, clock=clock)
    browser = Browser(made)
    answer = sign_in(browser)
    page = browser.get("/account").text
    made.state.desk.ledger.close()

    assert who in page if who else refused(answer, NOT_SURE)


def test_pressing_the_button_takes_a_form_of_ours(browser):
    answer = browser.post("/sign-in/oidc", headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403


def test_the_cookie_of_the_trip_is_for_no_script(browser):
    cookie = set_out(browser).headers["Set-Cookie"]

    assert cookie.startswith("duban-trip=")
    assert "HttpOnly; Path=/; SameSite=lax" in cookie
