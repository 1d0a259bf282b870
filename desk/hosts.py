"""Which jurisdiction a request is for: the one whose address its Host header names, or the main."""

from __future__ import annotations

import logging
import time
from threading import Lock
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

from catalog.errors import DubanError
from desk.app import create_app
from desk.web.guard import HEADERS, host_of
from desk.web.refusals import RETRY_AFTER
from ledger.offices import jurisdictions
from ledger.session import UNREADABLE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from fastapi import FastAPI
    from starlette.types import ASGIApp, Receive, Scope, Send

    from desk.web.desk import Desk
    from ledger.offices.jurisdictions import Jurisdiction
    from ledger.settings import Settings

LOG = logging.getLogger(__name__)
LOOK_EVERY = 2.0  # seconds until a jurisdiction that was added is answered for
DOWN = {**HEADERS, **RETRY_AFTER, "Cache-Control": "no-store"}
UNOPENED = PlainTextResponse("the ledger cannot be opened now\n", 503, DOWN)


class Hosts:
    """The desks of an installation behind one port.

    Each is an application of its own, made when it is first asked for, with a ledger, sessions and
    tokens of its own: what is good at one host is nothing at another. A host that is no
    jurisdiction's is the main one's to answer or to refuse.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], dt.datetime]) -> None:
        self._settings = jurisdictions.settings_of(settings, "")
        self._clock = clock
        self._making = Lock()
        self._made: dict[Jurisdiction, FastAPI] = {}
        self._listed = jurisdictions.listed(self._settings)
        self._looked = time.monotonic()
        self.main = create_app(self._settings, clock=clock, hosts=self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request by the desk of its host."""
        await (await self._asked(scope))(scope, receive, send)

    @property
    def jurisdictions(self) -> list[Jurisdiction]:
        """The jurisdictions as they were a moment ago, the main one first."""
        if time.monotonic() - self._looked > LOOK_EVERY:
            try:
                self._listed = jurisdictions.listed(self._settings)
            except DubanError:
                LOG.exception("the jurisdictions cannot be listed: they stay as they were")
            self._looked = time.monotonic()
        return self._listed

    def desks(self) -> dict[str, Desk | None]:
        """Return every desk but the main one by its id; None where no ledger can be opened."""
        found: dict[str, Desk | None] = {}
        for jurisdiction in self.jurisdictions[1:]:
            app = self._app(jurisdiction)
            found[jurisdiction.id] = app.state.desk if app else None
        return found

    async def _asked(self, scope: Scope) -> ASGIApp:
        if scope["type"] != "http":
            return self.main
        host = host_of(Headers(scope=scope).get("host", ""))
        named = (each for each in self.jurisdictions if host and jurisdictions.host(each) == host)
        jurisdiction = next(named, self.jurisdictions[0])
        if not jurisdiction.id:
            return self.main
        made = self._made.get(jurisdiction)  # only the first request waits for one to be made
        return made or await run_in_threadpool(self._app, jurisdiction) or UNOPENED

    def _app(self, jurisdiction: Jurisdiction) -> FastAPI | None:
        """Return the desk of `jurisdiction`; another address of it is another desk."""
        if jurisdiction in self._made:
            return self._made[jurisdiction]
        with self._making:
            return self._made.get(jurisdiction) or self._make(jurisdiction)

    def _make(self, jurisdiction: Jurisdiction) -> FastAPI | None:
        try:
            settings = jurisdictions.settings_of(self._settings, jurisdiction.id)
            app = create_app(settings, clock=self._clock, hosts=self)
        except UNREADABLE:
            LOG.exception("the ledger of jurisdiction %s cannot be opened", jurisdiction.id)
            return None
        self._made[jurisdiction] = app
        return app
