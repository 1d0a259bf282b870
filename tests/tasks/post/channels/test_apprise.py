"""Apprise against a real HTTP server on loopback: answers are read, redirects not followed."""

from __future__ import annotations

import datetime as dt
import json
import logging
import threading
import time
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote

import pytest
import requests
from apprise import Apprise
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from catalog.errors import InvalidError
from tasks.letters.letter_format import Letter
from tasks.post.channels.apprise import ALLOWED, AppriseChannel
from tasks.post.channels.channel import (
    ChannelStoppedError,
    NotSentError,
    RefusedError,
    TryAgainError,
)
from tests.trickling import BODY, Trickler

if TYPE_CHECKING:
    from collections.abc import Iterator

LETTER = Letter(
    message_id="<0123456789abcdef@duban.example>",
    sender="duban@duban.example",
    to="+8620",
    subject="【綠燈】召開會議",
    body="請於2014年6月30日或之前完成\nfile:///etc/passwd\n",
    date=dt.datetime(2014, 5, 30, 0, 30, tzinfo=dt.UTC),
)


@dataclass
class Hook:
    """A webhook that gives a prescribed answer and keeps the requests."""

    status: int = 200
    body: str = ""
    location: str = ""
    delay: float = 0
    paths: list[str] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)

    def __enter__(self) -> Self:
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                hook.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        self.paths.append(request.path)
        length = int(request.headers["Content-Length"])
        self.received.append(json.loads(request.rfile.read(length)))
        time.sleep(self.delay)
        request.send_response(self.status)
        if self.location:
            request.send_header("Location", self.location)
        request.end_headers()
        request.wfile.write(self.body.encode())


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Hook() as hook:
        yield hook


def sent(hook: Hook, options: str = "") -> None:
    AppriseChannel("hook", f"json://127.0.0.1:{hook.port}/in{options}").send(LETTER)


def test_a_letter_arrives_as_text_without_files(hook: Hook):
    sent(hook)
    (received,) = hook.received
    assert received["title"] == LETTER.subject
    assert received["message"].strip() == LETTER.body.strip()
    assert received["attachments"] == []


def test_an_answer_without_end_is_not_read_to_its_end():
    with (
        Trickler(first=BODY, every=5) as server,
        pytest.raises(ChannelStoppedError, match="more than 100000 bytes"),
    ):
        AppriseChannel("hook", f"json://{server.address}/in").send(LETTER)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (500, TryAgainError),
        (503, TryAgainError),
        (429, ChannelStoppedError),
        (408, TryAgainError),
        (401, ChannelStoppedError),
        (403, ChannelStoppedError),
        (400, RefusedError),
        (404, ChannelStoppedError),
        (410, ChannelStoppedError),
        (413, RefusedError),
    ],
)
def test_a_status_is_sorted(status: int, outcome: type[NotSentError], hook: Hook):
    hook.status = status
    with pytest.raises(outcome, match=f"HTTP {status}"):
        sent(hook)


@pytest.mark.parametrize("options", ["", "?redirect=yes"])
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(options: str, status: int, hook: Hook):
    with Hook() as inside:
        hook.status, hook.location = status, f"http://127.0.0.1:{inside.port}/secret"
        with pytest.raises(ChannelStoppedError, match="redirect"):
            sent(hook, options)
    assert inside.paths == []


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ('{"errcode": 45009, "errmsg": "api freq out of limit"}', ChannelStoppedError),
        ('{"errcode": -1, "errmsg": "system busy"}', TryAgainError),
        ('{"errcode": 93000, "errmsg": "invalid webhook url"}', ChannelStoppedError),
        ('{"errcode": 40058, "errmsg": "too long"}', RefusedError),
        ('{"errcode": ["odd"]}', RefusedError),
        ('{"ok": false}', RefusedError),
        ('{"success": false}', RefusedError),
    ],
)
def test_an_error_inside_a_200_is_read(body: str, outcome: type[NotSentError], hook: Hook):
    hook.body = body
    with pytest.raises(outcome):
        sent(hook)


@pytest.mark.parametrize("body", ["", "ok", '{"errcode": 0}', '{"code": 200}', '{"success": true}'])
def test_a_200_without_an_error_is_a_yes(body: str, hook: Hook):
    hook.body = body
    sent(hook)
    assert len(hook.received) == 1


def test_wecom_saying_no_inside_a_200_is_no_success(hook: Hook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(NotifyWeComBot, "notify_url", f"http://127.0.0.1:{hook.port}/?key={{key}}")
    hook.body = '{"errcode": 93000, "errmsg": "invalid webhook url"}'
    with pytest.raises(ChannelStoppedError):
        AppriseChannel("chat", "wecombot://s3cret-key/").send(LETTER)


def test_feishu_saying_no_inside_a_200_is_no_success(hook: Hook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(NotifyFeishu, "notify_url", f"http://127.0.0.1:{hook.port}/{{token}}/")
    hook.body = '{"code": 19021, "msg": "sign match fail"}'
    with pytest.raises(ChannelStoppedError):
        AppriseChannel("chat", "feishu://s3crettoken/").send(LETTER)


def test_a_long_letter_is_one_post(hook: Hook, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(NotifyWeComBot, "notify_url", f"http://127.0.0.1:{hook.port}/?key={{key}}")
    hook.body = '{"errcode": 0, "errmsg": "ok"}'
    letter = replace(LETTER, body="一行\n" * 2000, short="共2000項，詳見 https://duban.example/")
    AppriseChannel("chat", "wecombot://s3cret-key/?overflow=split").send(letter)
    (received,) = hook.received
    content = received["text"]["content"]
    assert len(content.encode()) <= 2048
    assert content.startswith(letter.subject)
    assert content.endswith(letter.short)


def test_the_yes_of_the_setting_decides_and_is_not_posted(hook: Hook):
    hook.body = '{"result": {"state": 1}}'
    with pytest.raises(ChannelStoppedError, match="neither yes nor no") as caught:
        sent(hook)
    assert caught.value.kind == "unclear"
    sent(hook, "?yes=result.state:1")
    assert hook.paths == ["/in", "/in"]


@pytest.mark.parametrize("url", ["ntfy://h/a/b", "json://a/,json://b/"])
def test_an_address_with_several_recipients_is_refused(url: str):
    with pytest.raises(InvalidError, match="more than one recipient"):
        AppriseChannel("x", url)


@pytest.mark.parametrize(
    "url",
    [
        "gotify://h/token123",
        "gotifys://h/token123",
        "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
        "workflows://h:443/643a44c8f6b14c3a9c3b4a8e8b8a8c8d/sig_abcdefghijkl123",
        "tgram://123456789:abcdefg_hijklmnop/{to}",
        "dingtalk://tokentoken/?keyword=督辦",
    ],
)
def test_a_kind_is_allowed_and_read_by_apprise(url: str):
    channel = AppriseChannel("x", url)
    assert len(channel._line(channel._url.replace("{to}", "12315544"))) == 1


def test_a_hanging_hook_ends_by_time_out(hook: Hook):
    hook.delay = 1
    with pytest.raises(TryAgainError, match="Timeout"):
        sent(hook, "?rto=0.2")


def test_nobody_listening_is_tried_again():
    with Hook() as gone:
        pass
    with pytest.raises(TryAgainError) as caught:
        sent(gone)
    assert caught.value.whole_channel


def test_the_contacts_address_stands_where_the_url_says(hook: Hook):
    letter = replace(LETTER, to="+8620@evil.example?redirect=yes")
    AppriseChannel("sms", f"json://127.0.0.1:{hook.port}/to/{{to}}").send(letter)
    (path,) = hook.paths
    assert unquote(path) == "/to/+8620@evil.example?redirect=yes"
    assert "?" not in path


def test_requests_is_left_as_it_was(hook: Hook):
    plain = requests.Session.request
    hook.status = 500
    with pytest.raises(TryAgainError):
        sent(hook)
    assert requests.Session.request is plain


def test_a_token_is_in_no_log_and_no_reason(
    caplog: pytest.LogCaptureFixture, hook: Hook, monkeypatch: pytest.MonkeyPatch
):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(NotifyWeComBot, "notify_url", f"http://127.0.0.1:{hook.port}/?key={{key}}")
    hook.status = 500
    channel = AppriseChannel("chat", "wecombot://s3cret-key/")
    with pytest.raises(TryAgainError) as caught:
        channel.send(LETTER)
    assert "s3cret-key" not in f"{caplog.text} {caught.value} {channel!r}"


@pytest.mark.parametrize(
    "url",
    [
        "mailto://user:hidden@example.com",
        "wecom://hidden",
        "syslog://",
        "file:///etc/passwd",
        "https://hidden.example/hook",
        "hidden",
    ],
)
def test_a_kind_that_is_not_allowed_is_refused(url: str):
    with pytest.raises(InvalidError) as caught:
        AppriseChannel("x", url)
    assert "hidden" not in f"{caught.value} {caught.value.values}"


def test_an_address_apprise_cannot_read_is_refused():
    with pytest.raises(InvalidError) as caught:
        AppriseChannel("x", "feishu://")
    assert str(caught.value).startswith("x: bad address")


def test_every_allowed_kind_is_one_apprise_has():
    known: set[str] = set()
    for service in Apprise().details()["schemas"]:
        known.update(service["protocols"] or (), service["secure_protocols"] or ())
    assert known >= ALLOWED
