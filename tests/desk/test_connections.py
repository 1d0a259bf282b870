"""Connections that are slow, too many or never read: they end, and pages answer meanwhile."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

import pytest
import uvicorn

from desk.connections import Addresses, Connection, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMITS = Limits(head=0.3, body=0.3, rate=20_000, reading=0.3, tick=0.05)
HERE = b"Host: 127.0.0.1\r\n"
WHOLE = b"GET / HTTP/1.1\r\n" + HERE + b"\r\n"
LARGE = 30 * 1024 * 1024  # bytes, more than the buffers of both ends


class Server(NamedTuple):
    """A server with small limits, and its connections."""

    port: int
    server: uvicorn.Server

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), 5)

    def held(self) -> int:
        return len(self.server.server_state.connections)


async def answer(scope, receive, send):
    """Read the body, and answer with so many bytes as the query says."""
    while (message := await receive()).get("more_body"):
        pass
    if message["type"] == "http.disconnect":
        return
    body = b"x" * int(scope["query_string"] or 2)
    length = (b"content-length", str(len(body)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    for start in range(0, len(body), 65536):
        piece = body[start : start + 65536]
        more = start + 65536 < len(body)
        await send({"type": "http.response.body", "body": piece, "more_body": more})


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    with contextlib.ExitStack() as ends:

        def _serve(**limits: object) -> Server:
            kind = type("Hasty", (Connection,), {"limits": LIMITS._replace(**limits)})
            config = uvicorn.Config(
                answer, port=0, http=kind, ws="none", lifespan="off", log_level="error"
            )
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, daemon=True)
            thread.start()
            ends.callback(thread.join, 5)
            ends.callback(server.handle_exit, 15, None)
            while not server.started:
                time.sleep(0.005)
            return Server(server.servers[0].sockets[0].getsockname()[1], server)

        yield _serve


def trickle(line: socket.socket, data: bytes, *, every: float = 0.05, seconds: float = 2) -> float:
    """Send a byte now and then until the line is cut; return the seconds it held."""
    began = time.monotonic()
    with contextlib.suppress(ConnectionError):
        for byte in data:
            if time.monotonic() - began > seconds:
                break
            line.sendall(bytes([byte]))
            time.sleep(every)
    return time.monotonic() - began


def read(line: socket.socket) -> bytes:
    """Return all that comes until the line ends."""
    got = b""
    with contextlib.suppress(ConnectionError):
        while piece := line.recv(65536):
            got += piece
    return got


def test_a_head_byte_by_byte_ends_within_its_limit(serve):
    with serve().connect() as line:
        assert trickle(line, b"GET / HTTP/1.1\r\nX-A: " + b"a" * 200) < 1


def test_a_second_head_on_a_kept_line_has_the_same_limit(serve):
    with serve().connect() as line:
        line.sendall(WHOLE)
        assert line.recv(100).startswith(b"HTTP/1.1 200")
        assert trickle(line, b"GET / HTTP/1.1\r\nX-A: " + b"a" * 200) < 1


def test_a_body_byte_by_byte_ends_within_its_limit(serve):
    with serve().connect() as line:
        line.sendall(b"POST / HTTP/1.1\r\n" + HERE + b"Content-Length: 1000\r\n\r\n")
        assert trickle(line, b"a" * 1000) < 1


def test_half_a_request_is_told_that_its_time_is_over(serve):
    with serve().connect() as line:
        line.sendall(b"POST / HTTP/1.1\r\n" + HERE + b"Content-Length: 1000\r\n\r\nabc")
        assert read(line).startswith(b"HTTP/1.1 408 ")


def test_a_long_body_at_a_fair_pace_may_take_longer(serve):
    with serve().connect() as line:
        line.sendall(b"POST / HTTP/1.1\r\n" + HERE + b"Content-Length: 40000\r\n\r\n")
        for _ in range(20):
            line.sendall(b"a" * 2000)
            time.sleep(0.04)
        assert line.recv(100).startswith(b"HTTP/1.1 200")


def test_who_does_not_read_the_answer_is_cut_off(serve):
    server = serve()
    with server.connect() as line:
        line.sendall(b"GET /?%d HTTP/1.1\r\n" % LARGE + HERE + b"\r\n")
        time.sleep(0.2)
        assert server.held() == 1
        time.sleep(0.5)
        assert server.held() == 0


def test_who_reads_slowly_but_steadily_gets_it_all(serve):
    with serve(reading=0.2).connect() as line:
        line.sendall(b"GET /?%d HTTP/1.1\r\n" % LARGE + HERE + b"Connection: close\r\n\r\n")
        total = 0
        while piece := line.recv(1024 * 1024):
            total += len(piece)
            time.sleep(0.02)
        assert total > LARGE


@contextlib.contextmanager
def half_open(server, count):
    """Hold so many half-open requests, beside a line of which a whole one was answered."""
    with contextlib.ExitStack() as lines:
        for _ in range(count):
            lines.enter_context(server.connect()).sendall(b"GET / HTTP/1.1\r\nX-")
        with server.connect() as line:
            line.sendall(WHOLE)
            assert line.recv(100).startswith(b"HTTP/1.1 200")
            yield


def test_hundreds_of_half_open_requests_are_gone_after_the_limit_while_pages_answer(serve):
    server = serve(every=150)
    with half_open(server, 300):
        assert 0 < server.held() <= 151
        time.sleep(0.6)
        assert server.held() == 0


def test_one_address_has_so_many_lines_and_the_newest_one_is_served(serve):
    server = serve(each=5, proxies=frozenset())
    with half_open(server, 20):
        assert server.held() <= 5


def test_a_proxy_has_as_many_lines_as_it_needs(serve):
    server = serve(each=5, head=5)
    with half_open(server, 20):
        assert server.held() > 20


def test_addresses_of_proxies_are_those_of_their_networks():
    proxies = Addresses("127.0.0.1", "10.1.0.0/16", "2001:db8::/32")
    asked = ("127.0.0.1", "10.1.2.3", "2001:db8::5", "10.2.0.1", "2001:db9::1", "", "a socket")

    assert [each in proxies for each in asked] == [True] * 3 + [False] * 4
