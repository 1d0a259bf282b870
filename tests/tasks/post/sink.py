"""A real mail server on loopback that keeps every letter and misbehaves on request."""

from __future__ import annotations

import asyncio
import threading
import warnings
from collections import deque
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any, Self

from aiosmtpd.smtp import SMTP, AuthResult

if TYPE_CHECKING:
    from collections.abc import Callable

HANG = 3600
MOMENT = 0.02


@dataclass
class Received:
    """One accepted letter as the server saw it."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def mail(self) -> Any:
        return message_from_bytes(self.content, policy=default)


@dataclass
class Sink:
    """`answers` are used up one a step (`"RCPT"`, `"DATA"`, `"MAIL"`), then everything is taken.

    `hang` is "" | "banner" | "DATA"; to the recipients in `slow` the answer is one more line every
    moment, for ever; `hang_up_after` closes the line after each accepted letter;
    `refused` maps recipients to the answer they get; `on_accept` is called before the answer 250,
    and the line of as many letters as `drop` is cut in its place; `size` is the most bytes it says
    that it takes.
    """

    hang: str = ""
    hang_up_after: bool = False
    drop: int = 0
    eight_bit: bool = True
    login: tuple[str, str] | None = None
    login_answer: str = "535 5.7.8 no"
    tls: Any = None
    slow: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    answers: dict[str, deque[str]] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    on_accept: Callable[[Received], None] = lambda _: None
    greetings: list[str] = field(default_factory=list)
    size: int = 33_554_432
    connections: int = 0
    port: int = 0

    def __enter__(self) -> Self:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = self._run(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def answer(self, step: str, *answers: str) -> None:
        self.answers.setdefault(step, deque()).extend(answers)

    def _run(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _listen(self) -> asyncio.Server:
        return await self._loop.create_server(self._session, "127.0.0.1", 0)

    async def _stop(self) -> None:
        self._server.close()
        rest = [t for t in asyncio.all_tasks() if t is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    def _session(self) -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that a login without TLS is unwise
            return self._plain_session()

    def _plain_session(self) -> SMTP:
        return _Session(
            _Handler(self),
            sink=self,
            hostname="sink",
            data_size_limit=self.size,
            loop=self._loop,
            auth_required=self.login is not None,
            auth_require_tls=False,
            authenticator=self._check,
            tls_context=self.tls,
        )

    def _check(self, _server: Any, _session: Any, _env: Any, _how: str, data: Any) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        if given == self.login:
            return AuthResult(success=True)
        return AuthResult(success=False, handled=False, message=self.login_answer)


class _Session(SMTP):
    def __init__(self, *args: Any, sink: Sink, **kwargs: Any) -> None:
        self._sink = sink
        super().__init__(*args, **kwargs)

    def connection_made(self, transport: Any) -> None:
        if not hasattr(self, "_seen"):
            self._seen = True
            self._sink.connections += 1
        super().connection_made(transport)

    async def _handle_client(self) -> None:
        if self._sink.hang == "banner":
            await asyncio.sleep(HANG)
        await super()._handle_client()


class _Handler:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    def _next(self, step: str) -> str | None:
        waiting = self._sink.answers.get(step)
        return waiting.popleft() if waiting else None

    async def handle_EHLO(  # noqa: N802  the name that the library calls
        self, _server: Any, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self._sink.greetings.append(hostname)
        if refusal := self._next("EHLO"):
            return [refusal]
        return [r for r in responses if self._sink.eight_bit or "8BITMIME" not in r]

    async def handle_HELO(  # noqa: N802  the name that the library calls
        self, _server: Any, session: Any, _envelope: Any, hostname: str
    ) -> str:
        session.host_name = hostname
        return self._next("HELO") or "250 sink"

    async def handle_MAIL(  # noqa: N802  the name that the library calls
        self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._next("MAIL") or "250 OK"

    async def handle_RCPT(  # noqa: N802  the name that the library calls
        self, server: Any, _session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        while address in self._sink.slow:
            await server.push("250-a moment")
            await asyncio.sleep(MOMENT)
        answer = self._next("RCPT") or self._sink.refused.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
            envelope.rcpt_options.extend(options)
        return answer

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  the name that the library calls
        if self._sink.hang == "DATA":
            await asyncio.sleep(HANG)
        answer = self._next("DATA") or "250 OK"
        if answer.startswith("250"):
            letter = Received(
                envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content
            )
            self._sink.received.append(letter)
            self._sink.on_accept(letter)
            if self._sink.drop:
                self._sink.drop -= 1
                server.transport.abort()
            if self._sink.hang_up_after:
                asyncio.get_running_loop().call_later(0.02, server.transport.close)
        return answer
