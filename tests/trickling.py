"""A server on loopback that sends its answer a byte at a time, however long that takes."""

from __future__ import annotations

import itertools
import socket
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Iterable

EHLO = b"220 slow\r\n" + b"250-A-LINE-MORE\r\n" * 100_000
HEADERS = b"HTTP/1.1 200 OK\r\n" + b"X-More: of them\r\n" * 90 + b"X-Last: "

BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b" " * 1_000_000


@dataclass
class Trickler:
    """Sends `first` at once, then `answer` one byte every `every` seconds, and then `x` for ever.

    `met` counts the connections, `ended` those that the other side has closed.
    """

    answer: bytes = b""
    first: bytes = b""
    every: float = 0.02
    met: int = 0
    ended: int = 0
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self.met += 1
            thread = threading.Thread(target=self._serve, args=(line,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, line: socket.socket) -> None:
        with line:
            try:
                line.sendall(self.first)
                self._trickle(line, itertools.chain(self.answer, itertools.repeat(ord("x"))))
            except OSError:
                self.ended += 1

    def _trickle(self, line: socket.socket, answer: Iterable[int]) -> None:
        for byte in answer:
            if self._over.wait(self.every):
                return
            line.sendall(bytes([byte]))
