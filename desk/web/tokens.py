"""Tokens: what a calendar (`feed`) or another system (`api`) shows instead of a person."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from catalog.errors import ConflictError, NotFoundError
from desk.access import policy
from desk.access.signin import hashed
from desk.web.guard import bearer
from desk.web.visit import SignInNeededError, Visit
from ledger.people import signin
from ledger.store.changes import Change

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from desk.access.policy import Actor
    from ledger.session import Connection, Transaction

Kind = Literal["api", "feed"]


def issue(tx: Transaction, user: str, kind: Kind, *, on: dt.date) -> str:
    """Give `user` a new token of this kind and end those it had; only the hash is kept."""
    end(tx, user, kind, on=on)
    token = secrets.token_urlsafe(32)
    values = {"user": user, "kind": kind, "made_on": on}
    signin.put(tx, "tokens", hashed(token), values)
    return token


def end(tx: Transaction, user: str, kind: Kind, *, on: dt.date) -> None:
    """End every token of this kind that `user` has."""
    live = signin.tokens(tx.conn, user, kind)
    tx.lease([Change("tokens", each.id, {"ended_on": on}) for each in live])


def holder(conn: Connection, token: str, kind: Kind, *, on: dt.date) -> Actor | None:
    """Return whose token this is; None when it is none, has ended, or its user has."""
    found = signin.token(conn, hashed(token))
    if found is None or found.kind != kind or found.ended_on is not None:
        return None
    try:
        return policy.actor(conn, found.user, on)
    except (ConflictError, NotFoundError):
        return None


def by_token(request: Request) -> Visit:
    """Return the visit of a system that shows `Authorization: Bearer TOKEN`; no cookie counts.

    SignInNeededError without a token that holds.
    """
    visit = Visit(request)
    request.state.visit = visit
    token = bearer(request.headers)
    on = visit.on
    with visit.read() as conn:
        visit.who = holder(conn, token, "api", on=on)
    if visit.who is None:
        raise SignInNeededError("sign-in-needed")
    return visit


ByToken = Annotated[Visit, Depends(by_token)]


def entering(place: str) -> Callable[[Visit], Visit]:
    """Return the dependency that lets only those tokens in whose user may do `place`."""

    def enter(visit: ByToken) -> Visit:
        if not policy.may(visit.actor, place):
            raise HTTPException(403)
        return visit

    return enter
