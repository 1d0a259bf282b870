"""A provider that is down, slow, large or astray is one clear page, and holds up nobody."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
import uvicorn

from desk.access import oidc, slowdown
from desk.app import create_app
from ledger.settings import Oidc
from tests.desk.pages.people.oidc.trips import (
    come_back,
    is_down,
    refused,
    set_out,
    sign_in,
    way_back,
)
from tests.desk.pages.provider import CLIENT, SECRET
from tests.desk.visitors import HERE, Browser
from tests.trickling import BODY, HEADERS, Trickler


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
