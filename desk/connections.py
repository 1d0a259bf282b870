"""Connections of browsers: limits on their time and number, which uvicorn does not have."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Container, Iterable

LOOPBACK = ("127.0.0.1", "::1")
TIMED_OUT = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Addresses:
    """The addresses in some networks."""

    def __init__(self, *networks: str) -> None:
        self._networks = [ip_network(each) for each in networks]

    def __contains__(self, address: object) -> bool:
        try:
            parsed = ip_address(str(address))
        except ValueError:
            return False
        return any(parsed in each for each in self._networks)


class Limits(NamedTuple):
    """Limits of a connection, in seconds, and of their number.

    A body may take `body` seconds, and one more for each `rate` bytes of it. A reader has
    `reading` seconds for what the server has ready (64 KiB). `each` address may have so many
    connections at once, except those of `proxies`, and the server `every` of them.
    """

    head: float = 15
    body: float = 30
    rate: int = 32 * 1024
    reading: float = 30
    tick: float = 1
    each: int = 100
    every: int = 500
    proxies: Container[str] = frozenset(LOOPBACK)


class Connection(H11Protocol):
    """One connection, looked at every `tick`: whoever takes longer than the limits is cut off.

    The limits are on a whole head and a whole body, so that a byte now and then does not help.
    Where there are too many connections, the one that has waited longest for its request makes
    room for the newest; requests being answered are never cut off for another.
    """

    limits: ClassVar[Limits] = Limits()
    _timer: asyncio.TimerHandle | None = None
    _since = 0.0  # when the part of the request under way began
    _body = 0  # bytes of the body so far
    _part: object = h11.IDLE
    _unread_since: float | None = None

    @property
    def address(self) -> str:
        """The address of the browser, or of the proxy before it."""
        return self.client[0] if self.client else ""

    @property
    def place(self) -> tuple[bool, float] | None:
        """The place in the row of those who wait, heads before bodies; None once complete."""
        state = self.conn.their_state
        waits = state in {h11.IDLE, h11.SEND_BODY}
        return (state is h11.SEND_BODY, self._since) if waits else None

    def cut_off(self) -> None:
        """End the connection; whoever sent half a request is told so."""
        half = self.conn.trailing_data[0] or self.conn.their_state is h11.SEND_BODY
        if half and self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self.transport.write(TIMED_OUT)
        self.connections.discard(self)
        self.transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch the connection, if there is room for it."""
        super().connection_made(transport)
        self._since = self.loop.time()
        if self._has_room():
            self._timer = self.loop.call_later(self.limits.tick, self._look)
        else:
            self.cut_off()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        if self._timer:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the browser sent."""
        self._body += len(data)
        super().data_received(data)
        self._note_part()

    def on_response_complete(self) -> None:
        """Begin the time for the next request."""
        self._part = None
        super().on_response_complete()
        self._note_part()

    def resume_writing(self) -> None:
        """Note that the browser reads on."""
        self._unread_since = None
        super().resume_writing()

    def _note_part(self) -> None:
        if self.conn.their_state is not self._part:
            self._part, self._since, self._body = self.conn.their_state, self.loop.time(), 0

    def _look(self) -> None:
        if self._is_overdue(self.loop.time()):
            self.cut_off()
        else:
            self._timer = self.loop.call_later(self.limits.tick, self._look)

    def _is_overdue(self, now: float) -> bool:
        if self.flow.read_paused:  # it is we who do not read
            self._since += self.limits.tick
        if not self.transport.get_write_buffer_size():
            self._unread_since = None
        elif self._unread_since is None:
            self._unread_since = now
        if self._unread_since is not None and now - self._unread_since > self.limits.reading:
            return True
        allowed = {
            h11.IDLE: self.limits.head,
            h11.SEND_BODY: self.limits.body + self._body / self.limits.rate,
        }
        return now - self._since > allowed.get(self.conn.their_state, float("inf"))

    def _has_room(self) -> bool:
        """Tell whether this connection may stay; one that waits is cut off for it if need be."""
        others = [each for each in self.connections if isinstance(each, Connection)]
        near = [each for each in others if each.address == self.address]
        if self.address not in self.limits.proxies and len(near) > self.limits.each:
            return self._takes_the_place_of(near)
        return len(others) <= self.limits.every or self._takes_the_place_of(others)

    def _takes_the_place_of(self, others: Iterable[Connection]) -> bool:
        waiting = [(each.place, each) for each in others if each.place and each is not self]
        if waiting:
            min(waiting, key=lambda one: one[0])[1].cut_off()
        return bool(waiting)
