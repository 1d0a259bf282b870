"""Hook channel: the content of a letter as a signed JSON event by HTTP.

`X-Duban-Signature: t=<seconds since 1970>,sha256=<hex>` is HMAC-SHA256 over `<seconds>.<body>` with
a key shared with the receiving system alone. That system drops old events and repeated `id`s.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import ssl
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

import httpx

from catalog.errors import InvalidError
from tasks.post.channels.answers import LONGEST, Answer, judge
from tasks.post.channels.channel import Channel, TryAgainError
from tasks.post.channels.options import options

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from tasks.letters.letter_format import Letter

TIME_OUT = 20.0  # seconds for each step; the whole conversation has a limit in the round
SIGNATURE = "X-Duban-Signature"
_PLAIN = {"hook": "http", "hooks": "https"}


class HookChannel(Channel):
    """One configured `hook://` or `hooks://` address; `{to}` in its path is the contact's."""

    def __init__(
        self, name: str, url: str, *, secret: str | None, clock: Callable[[], dt.datetime]
    ) -> None:
        if secret is None:
            raise InvalidError("channel-needs-secret", place=name)
        self._name = name
        plain, self._yes, _ = options(name, url)
        self._url = _http_address(name, plain)
        self._secret = secret
        self._clock = clock
        logging.getLogger("httpx").setLevel(logging.WARNING)  # below, it repeats addresses
        self._line = httpx.Client(
            timeout=TIME_OUT, verify=ssl.create_default_context(), trust_env=False
        )

    def __repr__(self) -> str:
        return f"HookChannel({self._name!r})"

    def close(self) -> None:
        """Close the connection."""
        self._line.close()

    def send(self, letter: Letter) -> None:
        """Post the letter's event, signed anew at each try; its `id` stays the same."""
        url = self._url.replace("{to}", quote(letter.to, safe=""))
        body = json.dumps(letter.event, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            SIGNATURE: signature(self._key(letter.to), body, at=self._clock()),
        }
        try:
            with self._line.stream("POST", url, content=body, headers=headers) as answer:
                reply = Answer(answer.status_code, _body(answer))
        except httpx.TransportError as error:
            raise TryAgainError(f"hook: {type(error).__name__}", whole_channel=True) from error
        judge(reply, "hook", yes=self._yes, by_address="{to}" in self._url)

    def _key(self, address: str) -> str:
        return signing_key(self._secret, self._name, address)


def _body(answer: httpx.Response) -> str | None:
    """Return the body of an answer, None if it has more than LONGEST bytes."""
    body = b""
    for piece in answer.iter_bytes():
        body += piece
        if len(body) > LONGEST:
            return None
    return body.decode("utf-8", "replace")


def signing_key(secret: str, channel: str, address: str) -> str:
    """Return the signing key of a channel and a contact's address: 64 hex digits.

    Derived from DUBAN_SECRET. No key reveals another, so a system that verifies its own events
    cannot sign events for another.
    """
    subject = f"duban hook\n{channel}\n{address}"
    return hmac.new(secret.encode(), subject.encode(), hashlib.sha256).hexdigest()


def signature(key: str, body: bytes, *, at: dt.datetime) -> str:
    """Return the signature header of `body` sent at the instant `at`."""
    seconds = int(at.timestamp())
    signed = hmac.new(key.encode(), f"{seconds}.".encode() + body, hashlib.sha256)
    return f"t={seconds},sha256={signed.hexdigest()}"


def _http_address(name: str, url: str) -> str:
    """Return the HTTP address; a contact's address can never choose the host."""
    scheme, _, rest = url.partition("://")
    try:
        parts = urlsplit(f"{_PLAIN[scheme]}://{rest}")
        whole = parts.hostname and parts.port != 0
        httpx.URL(parts.geturl())
    except (ValueError, httpx.InvalidURL):
        whole = None
    if not whole or "@" in parts.netloc or "{" in parts.netloc or parts.fragment:
        raise InvalidError("channel-address", place=name, reason="host, port and path")
    return parts.geturl()
