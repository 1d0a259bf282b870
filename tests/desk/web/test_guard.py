"""What every request must keep, and what every answer carries."""

from __future__ import annotations

import re

import pytest
from sqlalchemy.exc import OperationalError

from desk.web.guard import HEADERS, host_of
from tests.desk.visitors import HERE

ACCOUNT = "/account"


@pytest.mark.parametrize("path", ["/sign-in", "/health", "/nothing", "/static/duban.css"])
def test_every_answer_carries_the_headers(browser, path):
    answer = browser.get(path)

    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


def test_a_refusal_carries_the_headers_too(browser):
    answer = browser.get("/health", headers={"Host": "evil.example"})

    assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]


def test_a_page_is_not_kept_and_a_file_of_ours_is(browser):
    assert browser.get("/sign-in").headers["Cache-Control"] == "no-store"
    assert "immutable" in browser.get("/static/duban.css").headers["Cache-Control"]


@pytest.mark.parametrize("user", ["chen", "li", "he", "lin"])
def test_no_page_needs_inline_style_or_script(signed_in, user):
    page = signed_in(user).get(ACCOUNT).text

    assert not re.search(r"style=|<style|<script>| on[a-z]+=|javascript:", page)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8180", 200),
        ("localhost", 200),
        ("[::1]:8180", 200),
        ("duban.example.org", 421),
        ("127.0.0.1.evil.example", 421),
        ("[", 421),
        ("", 421),
    ],
)
def test_only_our_own_hosts_are_answered(browser, host, status):
    assert browser.get("/health", headers={"Host": host}).status_code == status


def test_a_host_header_that_is_none_is_no_host():
    assert host_of("[") is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": HERE}, 303),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "", "Sec-Fetch-Site": "same-origin"}, 403),
        ({"Origin": HERE, "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": HERE, "Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://["}, 403),
    ],
)
def test_a_form_of_another_site_is_refused(browser, headers, status):
    answer = browser.post("/language", data={"to": "en"}, headers=headers, follow_redirects=False)

    assert answer.status_code == status


def test_a_form_that_does_not_say_where_it_comes_from_is_refused(browser):
    del browser.headers["Origin"]

    assert browser.post("/language", data={"to": "en"}).status_code == 403


@pytest.mark.parametrize("token", ["", "0" * 64, "全"])
def test_a_signed_in_form_without_its_token_is_refused(signed_in, token):
    chen = signed_in("chen")

    assert chen.post("/language", data={"to": "en", "token": token}).status_code == 403


@pytest.mark.both
def test_the_token_of_another_session_is_refused(signed_in):
    chen, other = signed_in("chen"), signed_in("chen")
    token = re.search(r'name="token" value="(\w+)"', other.get(ACCOUNT).text)[1]

    assert chen.post("/language", data={"to": "en", "token": token}).status_code == 403


def test_a_body_that_says_it_is_too_large_is_refused_at_once(browser):
    headers = {"Content-Length": str(100 * 1024 * 1024)}

    assert browser.post("/sign-in", content=b"", headers=headers).status_code == 413


def test_a_body_that_grows_too_large_in_pieces_is_refused(browser):
    pieces = (b"user=" + b"a" * 65536 for _ in range(40))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    assert browser.post("/sign-in", content=pieces, headers=kind).status_code == 413


def test_a_form_of_ten_thousand_parts_is_refused(browser):
    parts = {f"f{n}": (None, "x") for n in range(10_000)}

    assert browser.post("/sign-in", files=parts).status_code in {400, 413, 422}


@pytest.mark.parametrize("length", ["-1", "many", "1e9", "9" * 5000])
def test_a_length_that_is_no_number_is_refused(browser, length):
    answer = browser.post("/sign-in", content=b"", headers={"Content-Length": length})

    assert answer.status_code == 413


def test_a_page_that_is_not_there_says_so_in_the_persons_language(browser):
    answer = browser.get("/nothing", headers={"Accept-Language": "zh-CN"})

    assert (answer.status_code, "没有这一页" in answer.text) == (404, True)


def test_a_deed_is_not_done_by_looking(browser):
    assert browser.get("/sign-out").status_code == 405


def test_a_ledger_that_cannot_be_read_is_a_503_with_a_time(app, browser, monkeypatch):
    def gone(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("database or disk is full: secret.db"))

    monkeypatch.setattr(app.state.desk.ledger, "read", gone)
    answer = browser.get("/sign-in")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "台賬暫時無法使用" in answer.text
    assert "secret" not in answer.text


def test_a_defect_tells_nothing_of_itself(app, browser, monkeypatch):
    def broken(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(app.state.desk.ledger, "read", broken)
    answer = browser.get("/sign-in")

    assert (answer.status_code, "系統出錯" in answer.text) == (500, True)
    assert "secret" not in answer.text


def test_a_path_of_the_api_is_told_as_a_problem(browser):
    answer = browser.get("/api/nothing")

    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 404
