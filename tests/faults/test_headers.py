"""Request headers that lie, break lines or never end: nothing of them reaches an answer."""

from __future__ import annotations

import re

import pytest

from desk.access import signin, slowdown
from tests.faults.conftest import KEY

EVIL = "evil.example"
LINES = ("\r\nX-Evil: 1", "\nX-Evil: 1", "\r\n\r\n<script>", "%0d%0aX-Evil: 1", "\u2028X-Evil: 1")


def asked(*lines: str, method: str = "GET", path: str = "/sign-in") -> bytes:
    head = [f"{method} {path} HTTP/1.1", *lines, "Connection: close", "", ""]
    return "\r\n".join(head).encode("latin-1")


REQUESTS = {
    "another host": asked(f"Host: {EVIL}"),
    "two hosts": asked("Host: 127.0.0.1", f"Host: {EVIL}"),
    "no host": asked(),
    "a host with a user": asked(f"Host: 127.0.0.1@{EVIL}"),
    "a host with a path": asked(f"Host: 127.0.0.1/{EVIL}"),
    "another user at our host": asked(f"Host: {EVIL}@127.0.0.1"),
    "a host in the address": asked(f"Host: {EVIL}", path=f"http://{EVIL}/sign-in"),
    "a header of 100 KB": asked("Host: 127.0.0.1", "X-A: " + "a" * 100_000),
    "an address of 100 KB": asked("Host: 127.0.0.1", path="/" + "a" * 100_000),
    "ten thousand headers": asked("Host: 127.0.0.1", *(f"X-{n}: {n}" for n in range(10_000))),
    "a header without a colon": asked("Host: 127.0.0.1", "evil"),
    "a NUL": asked("Host: 127.0.0.1", "X-A: \x00"),
    "two lengths": asked(
        "Host: 127.0.0.1", "Content-Length: 5", "Content-Length: 6", method="POST"
    ),
    "a length and pieces": asked(
        "Host: 127.0.0.1", "Content-Length: 5", "Transfer-Encoding: chunked", method="POST"
    ),
    "a length of 5,000 digits": asked(
        "Host: 127.0.0.1", "Content-Length: " + "9" * 5000, method="POST"
    ),
    "a coding nobody knows": asked("Host: 127.0.0.1", "Transfer-Encoding: x", method="POST"),
    "TRACE": asked("Host: 127.0.0.1", f"X-A: {EVIL}", method="TRACE"),
    "CONNECT": asked("Host: 127.0.0.1", method="CONNECT", path=f"{EVIL}:443"),
    "a method of our own": asked("Host: 127.0.0.1", method="EVIL"),
    "no HTTP at all": b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03",
}  # fmt: skip


@pytest.mark.parametrize("name", REQUESTS)
def test_a_head_that_lies_gets_a_refusal_and_is_not_repeated(served, name):
    answer = served.say(REQUESTS[name], wait=2).decode("latin-1")
    status = re.match(r"HTTP/1\.1 (\d{3})", answer)

    assert status is None or status[1] in {
        "400",
        "401",
        "403",
        "404",
        "405",
        "413",
        "414",
        "421",
        "431",
    }
    assert EVIL not in answer
    assert b"HTTP/1.1 200" in served.say(asked("Host: 127.0.0.1"))


@pytest.mark.parametrize(
    "lines", [("Host: 127.0.0.1", "X-A: 1", f" Host: {EVIL}"), (f"Host: 127.0.0.1\nX-A: {EVIL}",)]
)
def test_a_line_that_is_read_as_part_of_another_header_changes_nothing(served, lines):
    answer = served.say(asked(*lines)).decode("utf-8", "replace")

    assert answer.startswith("HTTP/1.1 200")
    assert EVIL not in answer


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Original-URL", "X-Rewrite-URL"],
)
def test_what_a_proxy_could_say_of_the_address_is_not_believed(client, header):
    plain = client().get("/sign-in?then=/account")
    said = client().get("/sign-in?then=/account", headers={header: f"https://{EVIL}/settings"})

    assert (said.status_code, said.text) == (plain.status_code, plain.text)
    sent_on = client().get("/account", headers={header: EVIL})
    assert sent_on.headers["Location"] == "/sign-in?then=%2Faccount"


def test_a_caller_who_names_another_address_waits_all_the_same(client, monkeypatch):
    monkeypatch.setitem(slowdown.LIMITS, "address", slowdown.Limit(2, slowdown.MINUTE))
    statuses = []
    for n in range(4):
        headers = {"X-Forwarded-For": f"10.0.0.{n}"}
        said = {"user": f"nobody{n}", "password": "wrong"}
        statuses.append("嘗試" in client().post("/sign-in", data=said, headers=headers).text)

    assert statuses == [False, False, True, True]


@pytest.mark.parametrize("evil", LINES)
@pytest.mark.parametrize(
    "path",
    ["/sign-in?then={}", "/account?said={}", "/ledger?q={}", "/{}", f"/duty/{KEY}/do/{{}}"],
)
def test_no_line_of_an_address_becomes_a_header(client, signed_in, path, evil):
    where = path.format(evil.replace("\r", "%0d").replace("\n", "%0a"))
    for browser in (client(), signed_in("trade")):
        answer = browser.get(where)

        assert answer.status_code < 500
        assert "X-Evil" not in answer.headers
        assert "\n" not in answer.headers.get("Location", "")


@pytest.mark.parametrize("evil", LINES)
def test_no_line_of_a_field_becomes_a_header(signed_in, evil):
    browser = signed_in("trade")
    token = signin.form_token(browser.cookies["duban"])
    forms = {
        "/language": "to",
        "/sign-in": "user",
        "/clock": "to",
        f"/duty/{KEY}/do/comment": "text",
    }
    for path, field in forms.items():
        data = {"token": token, "then": f"/{evil}", field: evil}
        answer = browser.post(path, data=data)

        assert answer.status_code < 500
        assert "X-Evil" not in answer.headers


@pytest.mark.parametrize(
    "then",
    ["//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "evil"],
)
def test_nobody_is_led_to_another_site(signed_in, then):
    browser = signed_in("trade")
    token = signin.form_token(browser.cookies["duban"])
    answers = [
        browser.get("/sign-in", params={"then": then}),
        browser.post("/language", data={"token": token, "then": then, "to": "en"}),
    ]

    assert [answer.headers["Location"] for answer in answers] == ["/", "/"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "SAME-ORIGIN"}, 403),
        ({"Sec-Fetch-Site": "same-origin, cross-site"}, 403),
        ({"Origin": "https://127.0.0.1:8180.evil.example"}, 403),
        ({"Origin": "http://evil.example/127.0.0.1:8180"}, 403),
        ({"Origin": "http://127.0.0.1:8180@evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
    ],
)
def test_only_our_own_pages_send_our_forms(signed_in, headers, status):
    browser = signed_in("trade")
    token = signin.form_token(browser.cookies["duban"])
    data = {"token": token, "to": "en"}

    assert browser.post("/language", data=data, headers=headers).status_code == status
