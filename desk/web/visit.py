"""One request of a person or a system: who they are, what they may do, and their language."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from catalog.errors import DubanError, NotFoundError
from catalog.wording import say
from desk.access import signin, visibility
from desk.access.user_agent import describe
from desk.web import words
from desk.web.cookies import KNOWN, SessionCookie
from desk.web.moment import Moment
from tasks.act import Act
from tasks.setup.stage import is_under_way

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.access.visibility import Actor


class SignInNeededError(DubanError):
    """Nobody is signed in, and the page is for somebody."""


class SetupFirstError(DubanError):
    """The office is being set up, and its first plan is published by the last step of that."""


class Visit(Moment):
    """One request; made by `visit`, and asked for by a page as `Anyone` or `SignedIn`."""

    def __init__(self, request: Request) -> None:
        super().__init__(request.app.state.desk)
        self.request = request
        self.cookie = SessionCookie(request)
        self.who: Actor | None = None

    @property
    def actor(self) -> Actor:
        """The person signed in; SignInNeededError when nobody is."""
        if self.who is None:
            raise SignInNeededError("sign-in-needed")
        return self.who

    @functools.cached_property
    def lang(self) -> str:
        """The language of the pages: the person's choice, the browser's, the installation's."""
        return words.language_of(self.request, default=self.desk.settings.lang)

    @functools.cached_property
    def plan(self) -> str:
        """The plan the page is about: `?plan=`, else the first; NotFoundError when none is."""
        codes = [edition.plan for edition in self.plans]
        if not codes:
            raise NotFoundError("no-plan-in-force")
        plan = self.request.query_params.get("plan") or codes[0]
        if plan not in codes:
            raise NotFoundError("plan-not-in-force", plan=plan)
        return plan

    @property
    def act(self) -> Act:
        """The actor, day and instant of a deed of this request."""
        return Act(self.actor.user, self.now.on, self.now.at)

    @property
    def caller(self) -> signin.Caller:
        """What signing in and out needs to know of the request."""
        client = self.request.client
        return signin.Caller(
            address=client.host if client else "",
            at=self.desk.clock(),
            now=self.now,
            before=self.cookie.value(),
            known=self.cookie.value(KNOWN),
            browser=describe(self.request.headers.get("user-agent", "")),
        )

    def may(self, action: str, duty: Any = None) -> bool:
        """Tell whether the visitor may do `action` today; see desk.access.visibility."""
        return self.who is not None and visibility.may(self.who, action, duty, on=self.on)

    def say(self, key: str, /, **values: Any) -> str:
        """Return the text `key` of the pages in this visit's language, unescaped."""
        return say(self.lang, key, **values)


def visit(request: Request) -> Visit:
    """Return the visit of a request, with who is signed in if anybody is."""
    visit = Visit(request)
    request.state.visit = visit
    if visit.cookie.value():
        _recognise(visit)
    return visit


def signed_in(visit: Annotated[Visit, Depends(visit)]) -> Visit:
    """Return the visit of somebody who is signed in; SignInNeededError when nobody is."""
    _ = visit.actor
    return visit


Anyone = Annotated[Visit, Depends(visit)]
SignedIn = Annotated[Visit, Depends(signed_in)]


def entering(place: str) -> Callable[[Visit], Visit]:
    """Return the dependency that lets only those in who may do `place` of policy.PLACES."""

    def enter(visit: SignedIn) -> Visit:
        if not visibility.may(visit.actor, place):
            raise HTTPException(403)
        return visit

    return enter


def publishing(visit: Annotated[Visit, Depends(entering("publish-plan"))]) -> Visit:
    """Return the visit of whoever may publish a plan; SetupFirstError while the office is set up.

    What was chosen in the steps waits for the last of them.
    """
    with visit.read() as conn:
        if is_under_way(conn):
            raise SetupFirstError("setup-first")
    return visit


def _recognise(visit: Visit) -> None:
    at = visit.desk.clock()
    with visit.read() as conn:
        session = signin.session(conn, visit.cookie.value(), at)
    if session is None:
        return
    on = visit.on
    with visit.read() as conn:
        visit.who = signin.actor(conn, session, on)
    if visit.who is not None:
        signin.touch(visit.ledger, session, at)
