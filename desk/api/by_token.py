"""Visits of systems, which show a token instead of signing in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from desk.access import tokens, visibility
from desk.api.strict import check_parameters
from desk.web.guard import bearer
from desk.web.visit import SignInNeededError, Visit

if TYPE_CHECKING:
    from collections.abc import Callable


def by_token(request: Request) -> Visit:
    """Return the visit of a system that shows `Authorization: Bearer TOKEN`; no cookie counts.

    SignInNeededError without a token that holds, UsageRefusedError for unknown parameters.
    """
    visit = Visit(request)
    request.state.visit = visit
    token = bearer(request.headers)
    on = visit.on
    with visit.read() as conn:
        visit.who = tokens.holder(conn, token, "api", on=on)
    if visit.who is None:
        raise SignInNeededError("sign-in-needed")
    check_parameters(request)
    return visit


ByToken = Annotated[Visit, Depends(by_token)]


def entering(place: str) -> Callable[[Visit], Visit]:
    """Return the dependency that lets only those tokens in whose user may do `place`."""

    def enter(visit: ByToken) -> Visit:
        if not visibility.may(visit.actor, place):
            raise HTTPException(403)
        return visit

    return enter
