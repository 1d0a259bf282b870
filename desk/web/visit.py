"""One request as a page sees it: who is there, on which day, in which language, and its answer."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Protocol
from urllib.parse import urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.exceptions import HTTPException

from catalog.errors import DubanError, NotFoundError
from catalog.wording import languages, say
from desk.access import policy, signin
from desk.web import rendering, words
from desk.web.counted import CountCache
from desk.web.guard import LOOPBACK, SAFE, host_of
from ledger.duties import standing_in_sql
from ledger.plans import editions
from tasks import today
from tasks.act import Act
from tasks.in_force import in_force
from tasks.sweep.brake import leap

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

    from starlette.responses import Response

    from desk.access.policy import Actor
    from desk.web.menu import Entry
    from ledger.duties.standing_in_sql import Day
    from ledger.offices.jurisdictions import Jurisdiction
    from ledger.session import Connection, Ledger
    from ledger.settings import Settings
    from tasks.sweep.brake import Leap

LANGUAGE = "duban-language"  # the cookie a person's choice is kept in
YEAR = 365 * 24 * 3600


class SignInNeededError(DubanError):
    """Nobody is signed in, and the page is for somebody."""


class Neighbours(Protocol):
    """The jurisdictions of the installation, the main one first, and the desks of the others."""

    @property
    def listed(self) -> list[Jurisdiction]: ...  # noqa: D102

    def desks(self) -> Mapping[str, Desk | None]: ...  # noqa: D102


@dataclass(frozen=True)
class Desk:
    """What all requests share: the open ledger, the real clock, the menu, and what was counted."""

    ledger: Ledger
    clock: Callable[[], dt.datetime]
    menu: tuple[Entry, ...]
    hosts: Neighbours | None = None
    counts: CountCache = field(default_factory=CountCache)

    @property
    def settings(self) -> Settings:
        """The settings of the ledger."""
        return self.ledger.settings

    @property
    def others(self) -> Mapping[str, Desk | None]:
        """The desks of the other jurisdictions by their ids, for the main one's to watch.

        None for one whose ledger cannot be opened.
        """
        is_main = not self.settings.jurisdiction
        return self.hosts.desks() if is_main and self.hosts else {}


class Visit:
    """One request; made by `visit`, and asked for by a page as `Anyone` or `SignedIn`."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.desk: Desk = request.app.state.desk
        self.ledger = self.desk.ledger
        self.who: Actor | None = None
        self._open: Connection | None = None

    @property
    def actor(self) -> Actor:
        """Who is signed in; SignInNeededError when nobody is."""
        if self.who is None:
            raise SignInNeededError("sign-in-needed")
        return self.who

    @functools.cached_property
    def lang(self) -> str:
        """The language chosen, else the browser's, else the installation's."""
        chosen = self.request.cookies.get(LANGUAGE, "")
        if chosen in languages():
            return chosen
        accept = self.request.headers.get("accept-language", "")
        return words.preferred(accept, default=self.desk.settings.lang)

    @functools.cached_property
    def plans(self) -> list[editions.Edition]:
        """The plans in force."""
        with self.read() as conn:
            return editions.all_in_force(conn)

    @functools.cached_property
    def plan(self) -> str:
        """The plan the page is about: `?plan=`, else the first; NotFoundError when none is."""
        held = [edition.plan for edition in self.plans]
        asked = self.request.query_params.get("plan")
        if not held:
            raise NotFoundError("no-plan-in-force")
        if asked and asked not in held:
            raise NotFoundError("plan-not-in-force", plan=asked)
        return asked or held[0]

    @functools.cached_property
    def now(self) -> today.Now:
        """The plan's day and instant; the real ones while no plan is in force."""
        clock = self.desk.clock
        if not self.plans:
            return today.Now(clock().date(), clock())
        return today.now(self.ledger, self.plans[0].plan, clock)

    @property
    def on(self) -> dt.date:
        """The day it is for the ledger."""
        return self.now.on

    @functools.cached_property
    def day(self) -> Day:
        """How duties stand on this day, as conditions on `duties`."""
        with self.read() as conn:
            return self.desk.counts.of(
                conn, ("day", self.on), lambda: standing_in_sql.at(conn, self.on)
            )

    @property
    def act(self) -> Act:
        """What a deed of this request needs: who, on which day, at which instant."""
        return Act(self.actor.user, self.now.on, self.now.at)

    @functools.cached_property
    def zone(self) -> dt.tzinfo:
        """The zone of the plan, in which instants are shown."""
        with self.read() as conn:
            return today.zone(conn)

    @functools.cached_property
    def office(self) -> str:
        """The name of the jurisdiction, empty where the installation has only one.

        The main one is known by its plan's office.
        """
        listed = self.desk.hosts.listed if self.desk.hosts else []
        here = self.desk.settings.jurisdiction
        if here or len(listed) < 2 or not self.plans:  # noqa: PLR2004
            return next((each.name for each in listed if each.id == here), "")
        code = self.plans[0].plan
        with self.read() as conn:
            return self.desk.counts.of(conn, ("office", code), lambda: _office(conn, code))

    @property
    def is_demo(self) -> bool:
        """Whether this is a demonstration, with a day of its own."""
        return any(edition.is_demo for edition in self.plans)

    @property
    def unswept(self) -> list[editions.Edition]:
        """The plans of which no sweep has finished for 26 hours, for those who must see to it."""
        return [
            edition
            for edition in self._watched
            if today.is_unswept(edition, self.zone, self.desk.clock())
        ]

    @property
    def ahead(self) -> list[editions.Edition]:
        """The plans swept for a day that has not come, for those who must see to the clock."""
        swept = [(edition, edition.swept_through) for edition in self._watched]
        return [edition for edition, through in swept if through and through > self.on]

    @property
    def leaps(self) -> list[Leap]:
        """The sweeps that wait until a person has confirmed the day, for those who must."""
        if not (watched := self._watched):
            return []  # a page that says the ledger is gone does not ask it
        with self.read() as conn:
            found = [leap(conn, edition, self.on) for edition in watched]
        return [stopped for stopped in found if stopped]

    @property
    def _watched(self) -> list[editions.Edition]:
        """The real plans, for those who see to their sweeps: the office, the administrator."""
        if self.who is None or self.who.kind not in {"office", "administrator"}:
            return []
        return [edition for edition in self.plans if not edition.is_demo]

    @property
    def cookie(self) -> str:
        """The session's cookie, empty when there is none."""
        return self.request.cookies.get(cookie_name(self), "")

    @property
    def home(self) -> str:
        """The page on which the day of who is there begins."""
        return policy.HOMES[self.actor.kind]

    @property
    def here(self) -> str:
        """The page itself, to come back to; of an answer to a form the first page."""
        url = self.request.url
        return f"{url.path}?{url.query}".rstrip("?") if self.request.method == "GET" else "/"

    @property
    def address(self) -> str:
        """Where the request comes from; what a proxy on this machine says it does."""
        peer = self.request.client.host if self.request.client else ""
        told = self.request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        return told if told and peer in LOOPBACK else peer

    @property
    def knock(self) -> signin.Knock:
        """What signing in and out needs to know of the request."""
        return signin.Knock(self.address, self.desk.clock(), self.now.at, self.cookie)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection that sees one moment of the ledger; inside, again the same one.

        A deed is never done inside: on SQLite it would wait for this reader to end.
        """
        if self._open is not None:
            yield self._open
            return
        with self.ledger.read() as conn:
            self._open = conn
            try:
                yield conn
            finally:
                self._open = None

    def may(self, action: str, duty: Any = None) -> bool:
        """Tell whether who is there may do `action` today; see desk.access.policy."""
        return self.who is not None and policy.may(self.who, action, duty, on=self.on)

    def t(self, key: str, /, **values: Any) -> str:
        """Return the text `key` of the pages in this visit's language, unescaped."""
        return say(self.lang, key, **values)

    def page(self, template: str, /, status: int = 200, **values: Any) -> HTMLResponse:
        """Answer with `templates/<template>.html`; it knows `visit`, `t`, and these values."""
        return HTMLResponse(rendering.render(self, template, values), status)

    def go(self, path: str, /, said: str | None = None, **query: str) -> RedirectResponse:
        """Answer a deed that is done: look at `path`, where the text `said` is told once."""
        told = {**query, **({"said": said} if said else {})}
        url = f"{path}?{urlencode(told)}" if told else path
        return RedirectResponse(url, 303)


def _office(conn: Connection, code: str) -> str:
    plan = in_force(conn, code).plan
    return plan.agency(plan.office).name


def visit(request: Request) -> Visit:
    """Return the visit of a request, with who is signed in if anybody is."""
    made = Visit(request)
    request.state.visit = made
    if made.cookie:
        _recognise(made)
    return made


def signed_in(visit: Annotated[Visit, Depends(visit)]) -> Visit:
    """Return the visit of somebody who is signed in; SignInNeededError when nobody is."""
    _ = visit.actor
    return visit


def entering(place: str) -> Callable[[Visit], Visit]:
    """Return the dependency that lets only those in who may do `place` of access.PLACES."""

    def enter(visit: SignedIn) -> Visit:
        if not policy.may(visit.actor, place):
            raise HTTPException(403)
        return visit

    return enter


async def own_form(request: Request) -> None:
    """Refuse what a signed-in browser sends without the token of our forms."""
    if request.method in SAFE:
        return
    cookie = request.cookies.get(cookie_name(Visit(request)), "")
    token = (await request.form()).get("token")
    if cookie and not signin.is_form_token(cookie, token if isinstance(token, str) else ""):
        raise HTTPException(403)


def inside(path: str) -> str:
    """Return `path` if it is one of ours, else the first page: nobody is sent elsewhere."""
    plain = path.startswith("/") and path.isprintable() and "\\" not in path
    return path if plain and not path.startswith("//") else "/"


def duty_key(plan: str, obligation: str, party: str, period: str) -> str:
    """Return the key of the duty a path of DUTY names."""
    return f"{plan}/{obligation}/{party}/{period}"


def is_secure(visit: Visit) -> bool:
    """Tell whether the cookie is for https only: not over loopback, nor where https is not used."""
    host = host_of(visit.request.headers.get("host", ""))
    return host not in LOOPBACK and (visit.desk.settings.base_url or "").startswith("https:")


def cookie_name(visit: Visit) -> str:
    """Return the name of the session's cookie; `__Host-` binds it to this host and to https."""
    return "__Host-duban" if is_secure(visit) else "duban"


def set_cookie(visit: Visit, answer: Response, value: str | None, of: str = "") -> None:
    """Give the browser its session's cookie, or take it away; `of` names another one of ours."""
    name = cookie_name(visit) + of
    options: Mapping[str, Any] = {
        "path": "/", "secure": is_secure(visit), "httponly": True, "samesite": "lax",
    }  # fmt: skip
    if value is None:
        answer.delete_cookie(name, **options)
    else:
        answer.set_cookie(name, value, **options)


def _recognise(visit: Visit) -> None:
    at = visit.desk.clock()
    with visit.read() as conn:
        session = signin.session(conn, visit.cookie, at)
    if session is None:
        return
    on = visit.on
    with visit.read() as conn:
        visit.who = signin.actor(conn, session, on)
    if visit.who is not None:
        signin.seen(visit.ledger, session, at)


duty_path = rendering.duty_path
DUTY = "/duty/{plan}/{obligation}/{party}/{period}"
Anyone = Annotated[Visit, Depends(visit)]
SignedIn = Annotated[Visit, Depends(signed_in)]
DutyKey = Annotated[str, Depends(duty_key)]
