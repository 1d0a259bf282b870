"""Tokens that a calendar (`feed`) or another system (`api`) shows instead of a person."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Literal

from catalog.errors import ConflictError, NotFoundError
from desk.access import visibility
from desk.access.signin import hashed
from ledger.people import signin, users
from ledger.store.changes import Change

if TYPE_CHECKING:
    import datetime as dt

    from desk.access.visibility import Actor
    from ledger.session import Connection, Ledger, Transaction

Kind = Literal["api", "feed"]


def issue(tx: Transaction, user: str, kind: Kind, *, on: dt.date) -> str:
    """Give `user` a new token of this kind and end their old ones; only its hash is stored.

    NotFoundError for an unknown login, ConflictError for one not valid on day `on`.
    """
    person, *_ = users.acting_for(tx.conn, user, on)
    end(tx, user, kind, on=on)
    token = secrets.token_urlsafe(32)
    values = {"user": user, "was": users.position(person), "kind": kind, "made_on": on}
    signin.put(tx, "tokens", hashed(token), values)
    return token


def end(tx: Transaction, user: str, kind: Kind, *, on: dt.date) -> None:
    """End every token of this kind that `user` has."""
    live = signin.tokens(tx.conn, user, kind)
    tx.lease([Change("tokens", each.id, {"ended_on": on}) for each in live])


def issue_own(ledger: Ledger, user: str, *, on: dt.date, at: dt.datetime) -> str:
    """Make `user`, who asks for it themself, a token for their system; the former one ends."""
    with ledger.transaction() as tx:
        token = issue(tx, user, "api", on=on)
        tx.record("token-issued", user, at=at, actor=user)
    return token


def end_of(
    ledger: Ledger, user: str, kind: Kind, *, on: dt.date, at: dt.datetime, actor: str
) -> None:
    """End the tokens of one kind of `user`; NotFoundError for an unknown login."""
    with ledger.transaction() as tx:
        users.user(tx.conn, user)
        end(tx, user, kind, on=on)
        tx.record("token-ended", user, at=at, actor=actor)


def holder(conn: Connection, token: str, kind: Kind, *, on: dt.date) -> Actor | None:
    """Return the holder of a token; None when it is unknown, has ended, or its user has.

    None as well when the user has another role or agency than when it was made.
    """
    row = signin.token(conn, hashed(token))
    if row is None or row.kind != kind or row.ended_on is not None:
        return None
    try:
        actor = visibility.actor(conn, row.user, on)
    except (ConflictError, NotFoundError):
        return None
    return actor if users.position(actor.users[0]) == row.was else None
