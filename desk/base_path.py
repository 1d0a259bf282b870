"""The path below which a desk is reached, where its address has one (https://host/duban)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ADDRESS = re.compile(r'(?<= )((?:href|src|action|formaction)=")(?=/)')
_OF_COOKIE = re.compile(r"(?<=; Path=)/(?=;|$)")


class BasePath:
    """Takes the path off the addresses of requests, and puts it on redirects and cookies.

    Inside, every address is as without it; `on_links` puts it on those of a page.
    """

    def __init__(self, app: ASGIApp, path: str) -> None:
        self.app = app
        self.path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on one request, and its answer."""
        if scope["type"] == "http" and f"{scope['path']}/".startswith(f"{self.path}/"):
            raw = scope.get("raw_path", b"").removeprefix(self.path.encode()) or b"/"
            path = scope["path"].removeprefix(self.path) or "/"
            scope = {**scope, "path": path, "raw_path": raw}

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._put_on(MutableHeaders(scope=message), Headers(scope=scope).get("host", ""))
            await send(message)

        await self.app(scope, receive, answer)

    def _put_on(self, headers: MutableHeaders, host: str) -> None:
        there = headers.get("location", "")
        before, own, path = there.partition(f"://{host}/")
        if there.startswith("/"):
            headers["location"] = self.path + there
        elif own and before in {"http", "https"}:  # from /ledger/ to /ledger
            headers["location"] = f"{self.path}/{path}"
        headers.raw[:] = [
            (name, self._of_cookie(value) if name == b"set-cookie" else value)
            for name, value in headers.raw
        ]

    def _of_cookie(self, value: bytes) -> bytes:
        return _OF_COOKIE.sub(self.path, value.decode("latin-1")).encode("latin-1")


def on_links(html: str, path: str) -> str:
    """Return a page whose links, forms and files of ours lie below `path`.

    Text that people typed has no quotation marks in a page: they are escaped.
    """
    return _ADDRESS.sub(rf"\g<1>{path}", html) if path else html
