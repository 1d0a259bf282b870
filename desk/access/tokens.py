"""Tokens that a calendar (`feed`) or another system (`api`) shows instead of a person."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Literal

from catalog.errors import ConflictError, NotFoundError
from desk.access import visibility
from desk.access.signin import hashed
from ledger.people import signin
from ledger.store.changes import Change

if TYPE_CHECKING:
    import datetime as dt

    from desk.access.visibility import Actor
    from ledger.session import Connection, Transaction

Kind = Literal["api", "feed"]


def issue(tx: Transaction, user: str, kind: Kind, *, on: dt.date) -> str:
    """Give `user` a new token of this kind and end their old ones; only its hash is stored."""
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
    """Return the holder of a token; None when it is unknown, has ended, or its user has."""
    row = signin.token(conn, hashed(token))
    if row is None or row.kind != kind or row.ended_on is not None:
        return None
    try:
        return visibility.actor(conn, row.user, on)
    except (ConflictError, NotFoundError):
        return None
