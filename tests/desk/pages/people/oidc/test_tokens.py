"""What a provider says counts only if it is signed, for us, and now."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from joserfc.jwk import OctKey, RSAKey

from tests.desk.pages.people.oidc.trips import (
    NOT_SURE,
    come_back,
    refused,
    set_out,
    sign_in,
    way_back,
)
from tests.desk.pages.provider import BASIC, CLIENT, SECRET
from tests.desk.visitors import Browser, is_in

OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one"})


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
