"""Signing in with a real provider of OpenID Connect on loopback: who comes back, and who not."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import threading
import time
from dataclasses import dataclass, field, replace
from html import unescape
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI, Form, Header
from fastapi.responses import JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from desk import oidc, signin
from desk.app import create_app
from ledger import history
from ledger import signin as kept
from ledger.settings import Oidc
from tasks import users
from tests.desk.pages.conftest import HERE, Browser

if TYPE_CHECKING:
    from collections.abc import Callable

CLIENT, SECRET = "duban", "a secret between the two"
BASIC = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
AT = dt.datetime(2014, 1, 24, 2, 0, tzinfo=dt.UTC)
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})


@dataclass
class Provider:
    """A provider where `user` is signed in already; `spoil` changes what its tokens claim."""

    clock: Callable[[], dt.datetime]
    user: str = "chen"
    key: Any = field(default_factory=lambda: KEY)
    alg: str = "RS256"
    spoil: dict[str, Any] = field(default_factory=dict)
    document: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, Any] | None = None
    asked: list[dict[str, str]] = field(default_factory=list)
    hang: float = 0
    trouble: int = 0

    def __enter__(self) -> Self:
        config = uvicorn.Config(self._app(), host="127.0.0.1", port=0, log_level="error")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.005)
        self.port = self._server.servers[0].sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}/realm"

    def _app(self) -> FastAPI:
        app = FastAPI()
        app.get("/realm/.well-known/openid-configuration")(self.describe)
        app.get("/realm/authorize")(self.authorize)
        app.post("/realm/token")(self.token)
        app.get("/realm/keys")(lambda: self.keys or {"keys": [KEY.as_dict(private=False)]})
        return app

    def describe(self) -> JSONResponse:
        time.sleep(self.hang)
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
            | self.document,
            self.trouble or 200,
        )

    def authorize(  # noqa: PLR0917
        self,
        client_id: str,
        redirect_uri: str,
        response_type: str,
        scope: str,
        state: str,
        nonce: str,
        code_challenge: str,
        code_challenge_method: str,
    ) -> RedirectResponse:
        assert (client_id, response_type, code_challenge_method) == (CLIENT, "code", "S256")
        assert "openid" in scope.split()
        self.asked.append({"uri": redirect_uri, "nonce": nonce, "challenge": code_challenge})
        back = urlencode({"state": state, "code": len(self.asked) - 1})
        return RedirectResponse(f"{redirect_uri}?{back}")

    def token(  # noqa: PLR0917
        self,
        code: str = Form(),
        code_verifier: str = Form(),
        redirect_uri: str = Form(),
        authorization: str = Header(""),
        client_id: str = Form(""),
        client_secret: str = Form(""),
    ) -> JSONResponse:
        asked = self.asked[int(code)]
        challenge = hashlib.sha256(code_verifier.encode()).digest()
        shown = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        posted = "token_endpoint_auth_methods_supported" in self.document
        known = (client_id, client_secret) == (CLIENT, SECRET) if posted else authorization == BASIC
        if not known or (shown, redirect_uri) != (asked["challenge"], asked["uri"]):
            return JSONResponse({"error": "invalid_grant"}, 400)
        return JSONResponse({"access_token": "x", "id_token": self.id_token(asked["nonce"])})

    def id_token(self, nonce: str) -> str:
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": "4711",
            "iat": now,
            "exp": now + 60,
            "nonce": nonce,
            "preferred_username": self.user,
        } | self.spoil
        given = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": self.alg, "kid": "one"}, given, self.key, [self.alg])


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


def test_who_the_provider_vouches_for_is_signed_in_and_led_on(browser):
    answer = sign_in(browser, "/account?plan=guangdong-2013")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/account?plan=guangdong-2013"
    assert is_in(browser)
    assert "陳文靜" in browser.get("/account").text


def test_the_history_tells_by_whom_somebody_was_let_in(browser, desk, provider):
    sign_in(browser)

    with desk.state.desk.ledger.read() as conn:
        last = list(history.entries(conn, subject="chen"))[-1]
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
        dumped = "".join(conn.connection.driver_connection.iterdump())

    assert parse_qs(urlsplit(path).query)["state"] == [trip.state]
    assert signin.hashed(trip.state) in dumped
    assert not [s for s in (trip.secret, trip.state, trip.nonce, trip.verifier) if s in dumped]


def test_what_was_spent_is_gone(browser, desk):
    sign_in(browser)

    with desk.state.desk.ledger.read() as conn:
        assert conn.execute(kept.TRIPS.select()).all() == []


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
        assert list(history.entries(conn, subject=user)) == []


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
