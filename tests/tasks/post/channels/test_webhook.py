"""Signed events against a real HTTP server on loopback, from the channel and from the outbox."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
import logging
import threading
import time
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

import pytest

from catalog.errors import InvalidError
from ledger.post import letters, messages
from ledger.proof import chain
from tasks.letters.letter_format import Letter
from tasks.post.channels import webhook
from tasks.post.channels.channel import (
    ChannelStoppedError,
    NotSentError,
    RefusedError,
    TryAgainError,
)
from tasks.post.channels.webhook import HookChannel, signing_key
from tasks.post.contacts import Contact, reach
from tasks.post.deliver import deliver
from tests.trickling import BODY, Trickler
from tests.world import ISSUED, PostOffice, World, small_plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.databases import OnSqlite

SECRET = "thirty-two characters at the least"
AT = dt.datetime(2014, 5, 30, 0, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
TWO = {"city-1": True, "city-2": False}  # addresses of one channel, and whose key it was
LETTER = Letter(
    message_id="<0123456789abcdef@duban.example>",
    sender="duban@duban.example",
    to="dongguan",
    subject="【綠燈】召開會議",
    body="words for people",
    date=AT,
    event={"id": "0123456789abcdef", "notices": [{"title": "召開會議"}]},
)


@dataclass
class System:
    """An agency's own system, which gives a prescribed answer and keeps the requests."""

    status: int = 204
    location: str = ""
    delay: float = 0
    received: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        system = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                system.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        self.received.append((request.path, dict(request.headers), body))
        time.sleep(self.delay)
        request.send_response(self.status)
        if self.location:
            request.send_header("Location", self.location)
        request.end_headers()

    @property
    def events(self) -> list[Any]:
        return [json.loads(body) for _, _, body in self.received]


@pytest.fixture
def system() -> Iterator[System]:
    with System() as running:
        yield running


def opened(url: str, *, at: dt.datetime = AT) -> HookChannel:
    return HookChannel("oa", url, secret=SECRET, clock=lambda: at)


def sent(system: System, path: str = "/in", *, letter: Letter = LETTER) -> None:
    with opened(f"hook://{system.address}{path}") as channel:
        channel.send(letter)


def test_an_event_arrives_as_json_and_no_words_for_people(system: System):
    sent(system)

    assert system.events == [LETTER.event]
    (_, headers, body) = system.received[0]
    assert headers["Content-Type"] == "application/json"
    assert b"words for people" not in body


def test_the_signature_is_over_the_time_of_the_try_and_the_body(system: System):
    sent(system)

    (_, headers, body) = system.received[0]
    seconds = int(AT.timestamp())
    key = signing_key(SECRET, "oa", "dongguan").encode()
    expected = hmac.new(key, f"{seconds}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Duban-Signature"] == f"t={seconds},sha256={expected}"


@pytest.mark.parametrize(
    "other",
    [{"secret": "x" * 32}, {"channel": "oa2"}, {"address": "foshan"}, {"address": "dongguan\n"}],
)
def test_each_address_of_each_channel_has_a_key_of_its_own(other):
    given = {"secret": SECRET, "channel": "oa", "address": "dongguan"}

    assert signing_key(**given) != signing_key(**given | other)
    assert len(signing_key(**given)) == 64


@pytest.mark.parametrize("other", [{"key": "x" * 64}, {"body": b"{}"}, {"at": AT + MINUTE}])
def test_another_key_body_or_time_is_another_signature(other):
    given = {"key": SECRET, "body": b'{"id": "a"}', "at": AT}

    assert webhook.signature(**given) != webhook.signature(**given | other)


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
def test_a_status_is_sorted(status: int, outcome: type[NotSentError], system: System):
    system.status = status
    with pytest.raises(outcome, match=f"HTTP {status}"):
        sent(system)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status: int, system: System):
    with System() as inside:
        system.status, system.location = status, f"http://{inside.address}/secret"
        with pytest.raises(ChannelStoppedError, match="redirect"):
            sent(system)
    assert inside.received == []


def test_a_hanging_system_ends_by_time_out(system: System, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(webhook, "TIME_OUT", 0.2)
    system.delay = 1
    with pytest.raises(TryAgainError, match="Timeout") as caught:
        sent(system)
    assert caught.value.whole_channel


def test_an_answer_without_end_is_not_read_to_its_end():
    with (
        Trickler(first=BODY, every=5) as server,
        pytest.raises(ChannelStoppedError, match="more than 100000 bytes"),
    ):
        opened(f"hook://{server.address}/in").send(LETTER)


def test_nobody_listening_is_tried_again():
    with System() as gone:
        pass
    with pytest.raises(TryAgainError) as caught:
        sent(gone)
    assert caught.value.whole_channel
    assert gone.address not in caught.value.reason


def test_the_contacts_address_stands_where_the_url_says_and_nowhere_else(system: System):
    sent(system, "/to/{to}/in", letter=replace(LETTER, to="a/../b?c=d#e@f"))

    assert system.received[0][0] == "/to/a%2F..%2Fb%3Fc%3Dd%23e%40f/in"


@pytest.mark.parametrize(
    "url",
    [
        "hook://",
        "hook:///in",
        "hooks://{to}/in",
        "hooks://{to}.oa.example/in",
        "hooks://user:hunter2@oa.example/in",
        "hooks://oa.example:hunter2/in",
        "hooks://[hunter2/in",
        "hooks://oa.example/in#hunter2",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_never_shown(url: str):
    with pytest.raises(InvalidError) as refused:
        opened(url)
    assert refused.value.key == "channel-address"
    assert "hunter2" not in str(refused.value.values)


def test_what_is_shown_of_a_hook_holds_no_address():
    with opened("hooks://oa.example/in/s3cret") as channel:
        assert repr(channel) == "HookChannel('oa')"


def test_no_log_repeats_the_address(system: System, caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO)
    sent(system, "/in/s3cret")
    assert "s3cret" not in caplog.text


@pytest.fixture
def world(system: System, home: Path, tmp_path: Path, database: OnSqlite) -> Iterator[World]:
    """One report of the city, issued today, told to the city's own system."""
    environ = {
        "DUBAN_CHANNELS": f"oa=hook://{system.address}/in/{{to}}",
        "DUBAN_SECRET": SECRET,
    }
    with database.open(home, **environ) as ledger:
        stage = World(ledger, PostOffice())
        plan = small_plan(tmp_path, {"parties": ["city"], "due_on": dt.date(2013, 9, 30)})
        stage.publish(plan)
        reach(ledger, [Contact("city", "officer", "oa", "city-1")], at=stage.at, actor="test")
        stage.sweep(ISSUED)
        yield stage


def later(world: World, minutes: int) -> Any:
    at = world.at + minutes * MINUTE
    return deliver(world.ledger, on=world.today, clock=lambda: at)


def hooked(world: World) -> messages.Message:
    with world.ledger.read() as conn:
        (found,) = [m for m in messages.listed(conn) if m.channel == "oa"]
    return found


def test_the_outbox_tells_a_system_what_it_tells_people(world: World, system: System):
    world.deliver()

    message = hooked(world)
    assert message.state == "sent"
    assert [path for path, _, _ in system.received] == ["/in/city-1"]
    assert system.events == [
        {
            "id": message.message_id.strip("<>"),
            "recipient": "city/officer",
            "on": ISSUED.isoformat(),
            "form": "digest",
            "demo": False,
            "notices": [
                {
                    "key": "small-2013/1.report/city/once",
                    "rung": "issue",
                    "due_on": "2013-09-30",
                    "title": system.events[0]["notices"][0]["title"],
                    "light": "green",
                    "asks": "sign",
                }
            ],
        }
    ]


def test_what_one_system_is_told_the_key_of_another_does_not_sign(world: World, system: System):
    world.deliver()

    (_, headers, body) = system.received[0]
    seconds, _, _ = headers["X-Duban-Signature"].removeprefix("t=").partition(",")
    at = dt.datetime.fromtimestamp(int(seconds), dt.UTC)
    signed = {to: webhook.signature(signing_key(SECRET, "oa", to), body, at=at) for to in TWO}
    assert {to: headers["X-Duban-Signature"] == s for to, s in signed.items()} == TWO


def test_a_system_that_is_busy_is_told_later_the_same_id_under_another_time(
    world: World, system: System
):
    system.status = 503
    assert later(world, 0)["failed"] == 1
    system.status = 200
    assert later(world, 4)["waiting"] == 1
    later(world, 5)

    assert hooked(world).state == "sent"
    first, second = system.received
    assert first[2] == second[2]
    assert first[1]["X-Duban-Signature"] != second[1]["X-Duban-Signature"]


def test_a_system_that_refuses_makes_the_message_dead_with_its_reason(world: World, system: System):
    system.status = 404
    world.deliver()

    assert (hooked(world).state, hooked(world).reason) == ("dead", "hook: HTTP 404")


def test_a_system_that_does_not_know_us_stops_its_channel_and_costs_no_try(
    world: World, system: System
):
    system.status = 401
    world.deliver()

    assert hooked(world).state == "queued"
    with world.ledger.read() as conn:
        assert {letter.tries for letter in letters.listed(conn)} == {0}
        stopped = [e for e in chain.entries(conn) if e.deed == "channel-stopped"]
    assert [(e.subject, e.payload["reason"]) for e in stopped] == [("oa", "hook: HTTP 401")]
