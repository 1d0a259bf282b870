"""The applications of an installation: each request goes to the jurisdiction of its host."""

from __future__ import annotations

import logging
import time
from threading import Lock
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

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
REFRESH = 2.0  # seconds until a new jurisdiction is served
DOWN = {**HEADERS, **RETRY_AFTER, "Cache-Control": "no-store"}
UNAVAILABLE = PlainTextResponse("the ledger cannot be opened now\n", 503, DOWN)


class Hosts:
    """The desks of an installation behind one port.

    Each is an application of its own, created at the first request for it, with its own ledger,
    sessions and tokens: those of one host are worth nothing at another. A host of no jurisdiction
    is left to the main one to answer or to refuse.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], dt.datetime]) -> None:
        self._settings = jurisdictions.settings_of(settings, "")
        self._clock = clock
        self._lock = Lock()
        self._apps: dict[Jurisdiction, FastAPI] = {}
        self._jurisdictions = jurisdictions.listed(self._settings)
        self._refreshed_at = time.monotonic()
        self.main = create_app(self._settings, clock=clock, hosts=self)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request by the application of its host."""
        await (await self._app_of(scope))(scope, receive, send)

    @property
    def jurisdictions(self) -> list[Jurisdiction]:
        """The jurisdictions, at most two seconds old, the main one first."""
        if time.monotonic() - self._refreshed_at > REFRESH:
            self._refresh()
        return self._jurisdictions

    def _refresh(self) -> None:
        """List the jurisdictions anew; one whose file has become unreadable stays as it was."""
        before = {each.id: each for each in self._jurisdictions}
        now = jurisdictions.listed(self._settings)
        self._jurisdictions = [before.get(each.id, each) if each.problem else each for each in now]
        self._refreshed_at = time.monotonic()

    def desks(self) -> dict[str, Desk | None]:
        """Return every desk but the main one by its id; None where no ledger can be opened."""
        desks: dict[str, Desk | None] = {}
        for jurisdiction in self.jurisdictions[1:]:
            app = self._app(jurisdiction)
            desks[jurisdiction.id] = app.state.desk if app else None
        return desks

    async def _app_of(self, scope: Scope) -> ASGIApp:
        if scope["type"] != "http":
            return self.main
        host = host_of(Headers(scope=scope).get("host", ""))
        matches = (each for each in self.jurisdictions if host and jurisdictions.host(each) == host)
        jurisdiction = next(matches, self.jurisdictions[0])
        if not jurisdiction.id:
            return self.main
        app = self._apps.get(jurisdiction)  # only the first request waits until it is created
        return app or await run_in_threadpool(self._app, jurisdiction) or UNAVAILABLE

    def _app(self, jurisdiction: Jurisdiction) -> FastAPI | None:
        """Return the application of `jurisdiction`, created anew when its address has changed."""
        if jurisdiction in self._apps:
            return self._apps[jurisdiction]
        with self._lock:
            return self._apps.get(jurisdiction) or self._create(jurisdiction)

    def _create(self, jurisdiction: Jurisdiction) -> FastAPI | None:
        try:
            settings = jurisdictions.settings_of(self._settings, jurisdiction.id)
            app = create_app(settings, clock=self._clock, hosts=self)
        except UNREADABLE:
            LOG.exception("the ledger of jurisdiction %s cannot be opened", jurisdiction.id)
            return None
        self._apps[jurisdiction] = app
        return app
