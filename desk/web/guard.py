"""The guard before the pages: limits on every request, and headers on every answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from python_multipart.multipart import parse_options_header
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ledger.settings import Settings

NO_HOST = frozenset("/?#@\\ \t")  # with these a parser of addresses reads another host
DIGITS = re.compile(r"[0-9]{1,15}")  # Python refuses numbers of over 4,300 digits
MOST_HEADERS = 64 * 1024  # bytes of all headers together
LONGEST_ADDRESS = 8 * 1024  # characters
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
API = "/api/"
CLOSE = {"Connection": "close"}  # the rest of the body is not read
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
MULTIPART = b"multipart/form-data"
CRLF = b"\r\n"
MEGABYTE = 1024 * 1024
FORM = MEGABYTE  # bytes of a request without files
BESIDES = 2 * MEGABYTE  # bytes that may come with the largest file of evidence

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # no-referrer would make the browser's Origin null
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


class Refusal(NamedTuple):
    """A request that goes no further: the status and constant words; the connection closes."""

    status: int
    title: str

    @property
    def plain(self) -> Response:
        """The answer to a browser."""
        return PlainTextResponse(f"{self.title}\n", self.status, CLOSE)

    @property
    def problem(self) -> Response:
        """The answer to a system (RFC 9457)."""
        document = {"type": "about:blank", "status": self.status}
        document |= {"title": self.title, "detail": self.title}
        return JSONResponse(document, self.status, CLOSE, media_type="application/problem+json")


class Guard:
    """Refuses foreign hosts, foreign forms and bodies too large; puts the headers on answers.

    HEAD is answered as GET, without the body.

    The answers are plain and constant: whoever gets them does not read our pages.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        base = urlsplit(settings.base_url or "")
        self.app = app
        self.hosts = LOOPBACK | ({base.hostname} if base.hostname else set())
        self.headers = HEADERS | (HTTPS_ONLY if base.scheme == "https" else {})
        self.upload = settings.evidence_limit + BESIDES

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if is_head := scope["method"] == "HEAD":
            scope = {**scope, "method": "GET"}

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add_headers(MutableHeaders(scope=message))
            elif is_head:
                message = {**message, "body": b""}
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is not None:
            is_api = scope["path"].startswith(API)
            await (refusal.problem if is_api else refusal.plain)(scope, receive, answer)
            return
        body = _within(receive, self._limit(headers), _end(headers))
        await self.app(scope, body, answer)

    def _refusal(self, scope: Scope, headers: Headers) -> Refusal | None:
        if host_of(headers.get("host", "")) not in self.hosts:
            return Refusal(421, "unknown host")
        if scope["method"] not in SAFE and not _is_own(headers):
            return Refusal(403, "the form is not ours")
        if sum(len(name) + len(value) for name, value in headers.raw) > MOST_HEADERS:
            return Refusal(431, "too many headers")
        if len(scope["path"]) + len(scope["query_string"]) > LONGEST_ADDRESS:
            return Refusal(414, "the address is too long")
        length = headers.get("content-length", "0")
        if not DIGITS.fullmatch(length) or int(length) > self._limit(headers):
            return Refusal(413, "too large")
        return None

    def _limit(self, headers: Headers) -> int:
        kind, _ = parse_options_header(headers.get("content-type"))
        return self.upload if kind == MULTIPART else FORM

    def _add_headers(self, headers: MutableHeaders) -> None:
        for name, value in self.headers.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")


def host_of(header: str) -> str | None:
    """Return the host name of a Host header, None when it is none or more than host and port."""
    try:
        if NO_HOST & set(header):
            return None
        return urlsplit(f"//{header}").hostname
    except ValueError:
        return None


def bearer(headers: Headers) -> str:
    """Return the token of `Authorization: Bearer TOKEN` (RFC 6750), empty when there is none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _is_own(headers: Headers) -> bool:
    """Tell whether a request that changes something comes from a page of ours.

    A system that shows a token has no cookie a foreign page could use. Browsers send Origin with
    every POST, and the newer ones Sec-Fetch-Site on https and on loopback.
    """
    if bearer(headers):
        return True
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None and site != "same-origin":
        return False
    if origin is not None:
        return origin.partition("://")[2] == headers["host"]
    return site is not None


def _within(receive: Receive, limit: int, end: bytes) -> Receive:
    """Return `receive` that stops at `limit` bytes, and at a body that does not end with `end`.

    The parser of forms skips a last part that was cut off, and nobody would miss the file.
    """
    read, tail = 0, b""

    async def next_message() -> Message:
        nonlocal read, tail
        message = await receive()
        piece = message.get("body", b"")
        read, tail = read + len(piece), (tail + piece)[-len(end) - len(CRLF) :]
        if read > limit:
            raise HTTPException(413)
        is_last = message["type"] == "http.request" and not message.get("more_body")
        if is_last and not tail.removesuffix(CRLF).endswith(end):
            raise HTTPException(422)
        return message

    return next_message


def _end(headers: Headers) -> bytes:
    """Return the last bytes a body must have: the boundary of a form with files, else none."""
    kind, options = parse_options_header(headers.get("content-type"))
    boundary = options.get(b"boundary", b"")
    return b"--" + boundary + b"--" if boundary and kind == MULTIPART else b""
