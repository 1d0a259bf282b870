"""Signing in with a real provider of OpenID Connect on loopback: who comes back, and who not."""

from __future__ import annotations

import base64
import datetime as dt
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import httpx2
import pytest
import uvicorn
from joserfc.jwk import OctKey, RSAKey

from desk.access import oidc, signin, slowdown
from desk.app import create_app
from ledger.people import signin as kept
from ledger.proof import chain
from ledger.settings import Oidc
from tasks.people import users
from tests.databases import rows
from tests.desk.pages.provider import BASIC, CLIENT, SECRET, Provider
from tests.desk.visitors import HERE, Browser
from tests.trickling import BODY, HEADERS, Trickler

AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})


@pytest.fixture
def provider(clock):
    with Provider(clock) as running:
        yield running


@pytest.fixture
def desk(app, provider, clock):
    """The desk of `app`, told of the provider."""
    known = Oidc(provider.issuer, CLIENT, SECRET, "preferred_username")
    settings = replace(app.state.desk.settings, base_url=HERE, oidc=known)
    made = create_app(settings, clock=clock)
    yield made
    made.state.desk.ledger.close()


@pytest.fixture
def browser(desk):
    return Browser(desk)


def set_out(browser: Browser, then: str = "/account") -> Any:
    """Press the button; return the page that leads on."""
    return browser.post_form("/sign-in/oidc", shown_on="/sign-in", then=then)


def way_back(page: Any) -> str:
    """Go where the page leads and return the path the provider sends the browser back to."""
    there = unescape(re.search(r'href="(http[^"]+/authorize[^"]+)"', page.text)[1])
    assert page.headers["Refresh"] == f"0; url={there}"
    location = urlsplit(httpx2.get(there, trust_env=False).headers["Location"])
    assert f"{location.scheme}://{location.netloc}" == HERE
    return f"{location.path}?{location.query}"


def come_back(browser: Browser, path: str) -> Any:
    return browser.get(path, follow_redirects=False)


def sign_in(browser: Browser, then: str = "/account") -> Any:
    return come_back(browser, way_back(set_out(browser, then)))


def is_in(browser: Browser) -> bool:
    return browser.get("/account", follow_redirects=False).status_code == 200


def refused(answer: Any, words: str) -> bool:
    """Tell whether this is the page to sign in again, saying so, with nobody signed in."""
    assert "duban=" not in answer.headers.get("Set-Cookie", "")
    return answer.status_code == 403 and words in answer.text


STALE, NOT_SURE, NO_LOGIN, DOWN = "已逾時或已用過", "未能確認", "沒有有效帳戶", "沒有回應"


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


@pytest.mark.parametrize(
    "spoil",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": ["another", CLIENT], "azp": "another"},
        {"aud": None},
        {"iss": "https://another.example"},
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": 9999999999},
        {"sub": None},
        {"at_hash": "another"},
        {"preferred_username": None},
        {"preferred_username": ["chen"]},
    ],
)
def test_a_token_that_claims_something_else_signs_nobody_in(browser, provider, spoil):
    provider.spoil = spoil

    assert refused(sign_in(browser), NOT_SURE)
    assert not is_in(browser)


@pytest.mark.parametrize(
    ("key", "alg"),
    [(OTHER_KEY, "RS256"), (OctKey.import_key(SECRET * 2), "HS256")],
)
def test_a_token_that_another_signed_signs_nobody_in(browser, provider, key, alg):
    provider.key, provider.alg = key, alg

    assert refused(sign_in(browser), NOT_SURE)


def test_a_token_nobody_signed_signs_nobody_in(browser, provider, monkeypatch):
    signed = provider.id_token

    def unsigned(nonce: str) -> str:
        head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
        return f"{head}.{signed(nonce).split('.')[1]}."

    monkeypatch.setattr(provider, "id_token", unsigned)

    assert refused(sign_in(browser), NOT_SURE)


def test_a_code_of_another_trip_is_refused_by_the_provider(browser, desk):
    other = way_back(set_out(Browser(desk)))
    own = dict(parse_qsl(urlsplit(way_back(set_out(browser))).query))
    stolen = own | {"code": parse_qs(urlsplit(other).query)["code"][0]}

    assert refused(come_back(browser, f"/sign-in/oidc/back?{urlencode(stolen)}"), NOT_SURE)


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


def is_down(answer: Any) -> bool:
    """Tell whether this is the one page that says so, with the way in that is left."""
    assert 'name="password"' in answer.text
    return answer.status_code == 503 and DOWN in answer.text


def test_a_provider_that_is_down_is_told_on_one_clear_page(browser, provider):
    provider.__exit__()

    assert is_down(set_out(browser))


def test_a_provider_that_goes_down_on_the_way_back_is_told_so(browser, provider):
    path = way_back(set_out(browser))
    provider.__exit__()

    assert is_down(come_back(browser, path))


def test_a_provider_that_hangs_is_given_up(browser, provider, monkeypatch):
    monkeypatch.setattr(oidc, "TIME_OUT", 0.2)
    provider.hang = 1

    assert is_down(set_out(browser))


@pytest.mark.parametrize("every", [0.02, 0.2])
def test_a_provider_that_trickles_is_given_up(app, clock, monkeypatch, every):
    monkeypatch.setattr(oidc, "LONGEST_TALK", 0.5)
    with Trickler(answer=HEADERS, every=every) as slow, served(app, clock, slow) as (desk, _):
        began = time.monotonic()
        answer = set_out(Browser(desk))

        assert is_down(answer)
        assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "first",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 300000000\r\n\r\n" + b" " * (oidc.LARGEST + 1),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
    ],
)
def test_an_answer_too_large_or_packed_is_not_read(app, clock, first):
    with Trickler(first=first, every=60) as large, served(app, clock, large) as (desk, _):
        assert is_down(set_out(Browser(desk)))


def test_pages_answer_while_many_wait_for_a_provider_that_trickles(app, clock, monkeypatch):
    monkeypatch.setattr(oidc, "LONGEST_TALK", 1.0)
    monkeypatch.setattr(oidc, "TIME_OUT", 0.5)
    with Trickler(answer=BODY, every=0.2) as slow, served(app, clock, slow) as (_, address):
        with ThreadPoolExecutor(45) as people:
            tries = [people.submit(press, f"{address}/sign-in/oidc") for _ in range(45)]
            while slow.met < 4:
                time.sleep(0.01)
            pages = [httpx.get(f"{address}/health", trust_env=False) for _ in range(3)]
            still_waiting = [each for each in tries if not each.done()]
            statuses = {each.result() for each in tries}

        assert [page.status_code for page in pages] == [200] * 3
        assert still_waiting
        assert statuses == {503}


def press(address: str) -> int:
    origin = {"Origin": address.removesuffix("/sign-in/oidc")}
    return httpx.post(address, headers=origin, trust_env=False, timeout=60).status_code


@contextmanager
def served(app, clock, provider):
    """The desk of `app` and its address, where a real server shows it, with another provider."""
    known = Oidc(f"http://{provider.address}/realm", CLIENT, SECRET, "preferred_username")
    settings = replace(app.state.desk.settings, base_url=HERE, oidc=known)
    desk = create_app(settings, clock=clock)
    config = uvicorn.Config(desk, port=0, log_level="error", proxy_headers=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.005)
    yield desk, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
    desk.state.desk.ledger.close()


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


@pytest.mark.parametrize("trouble", [302, 404, 500])
def test_a_provider_in_trouble_is_told_so(browser, provider, trouble):
    provider.trouble = trouble

    assert is_down(set_out(browser))


@pytest.mark.parametrize(
    "document",
    [
        {"issuer": "https://another.example"},
        {"authorization_endpoint": "http://another.example/"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "https://another.example/\nSet-Cookie: duban=x"},
        {"token_endpoint": "http://another.example/"},
        {"jwks_uri": None},
    ],
)
def test_a_provider_that_leads_astray_is_not_followed(browser, provider, document):
    provider.document = document

    assert is_down(set_out(browser))


@pytest.mark.parametrize("keys", [None, [], [5], [{"kty": "nonsense"}], [{"kty": "RSA", "n": 5}]])
def test_keys_that_are_none_confirm_nothing(browser, provider, keys):
    provider.keys = {"keys": keys}

    assert refused(sign_in(browser), NOT_SURE)


@pytest.mark.parametrize("ways", [["client_secret_basic"], ["client_secret_post"]])
def test_what_a_provider_repeats_of_our_secret_is_not_logged(browser, provider, ways, caplog):
    provider.document = {"token_endpoint_auth_methods_supported": ways}
    provider.echoes = True

    assert sign_in(browser).status_code == 403
    assert "invalid_request" in caplog.text
    assert [word for word in (SECRET, BASIC) if word in caplog.text] == []


def test_a_provider_that_wants_the_secret_in_the_form_gets_it_there(browser, provider):
    provider.document = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    assert sign_in(browser).status_code == 303


def test_pressing_the_button_takes_a_form_of_ours(browser):
    answer = browser.post("/sign-in/oidc", headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403


def test_the_cookie_of_the_trip_is_for_no_script(browser):
    cookie = set_out(browser).headers["Set-Cookie"]

    assert cookie.startswith("duban-trip=")
    assert "HttpOnly; Path=/; SameSite=lax" in cookie


def test_who_sets_out_again_and_again_waits_and_the_provider_is_not_asked(
    browser, provider, clock, monkeypatch
):
    monkeypatch.setitem(slowdown.LIMITS, "trip", slowdown.Limit(3, slowdown.MINUTE))
    assert [set_out(browser).status_code for _ in range(3)] == [200] * 3
    provider.trouble = 500

    assert refused(set_out(browser), "嘗試次數過多")

    clock.pass_(minutes=1)
    assert set_out(browser).status_code == 503


def test_who_comes_back_takes_the_count_away(browser, monkeypatch):
    monkeypatch.setitem(slowdown.LIMITS, "trip", slowdown.Limit(3, slowdown.MINUTE))
    set_out(browser)
    set_out(browser)
    assert sign_in(browser).status_code == 303

    assert [set_out(browser).status_code for _ in range(3)] == [200] * 3
