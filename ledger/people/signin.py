"""Who has signed in and with what: passwords, sessions, tokens and failed tries.

Nothing of it is a fact of the plan, so every write is a lease; who signed in when is told by
entries without changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ledger.store.changes import Change
from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date, datetime

    from ledger.session import Transaction

CREDENTIALS = TABLES["credentials"]
SESSIONS = TABLES["sessions"]
TOKENS = TABLES["tokens"]
TRIES = TABLES["tries"]
TRIPS = TABLES["trips"]


class Credential(NamedTuple):
    """What a user proves itself with; the columns of `credentials`."""

    user: str
    password: str
    changed_at: datetime
    totp: str | None
    totp_step: int | None


class Session(NamedTuple):
    """A person at a browser; the columns of `sessions`."""

    id: str
    user: str
    was: str
    proved: bool
    made_at: datetime
    seen_at: datetime
    ended_at: datetime | None


class Token(NamedTuple):
    """What a calendar or a system shows; the columns of `tokens`."""

    id: str
    user: str
    kind: str
    made_on: date
    ended_on: date | None


class Try(NamedTuple):
    """How often it failed, and when last; the columns of `tries`."""

    id: str
    failed: int
    last_at: datetime


def credential(conn: sa.Connection, user: str) -> Credential | None:
    """Return what `user` proves itself with, None when it cannot sign in with a password."""
    row = conn.execute(sa.select(CREDENTIALS).where(CREDENTIALS.c.user == user)).first()
    return Credential._make(row) if row else None


def session(conn: sa.Connection, hashed: str) -> Session | None:
    """Return the session of a cookie's hash."""
    row = conn.execute(sa.select(SESSIONS).where(SESSIONS.c.id == hashed)).first()
    return Session._make(row) if row else None


def token(conn: sa.Connection, hashed: str) -> Token | None:
    """Return the token of a hash, ended or not."""
    row = conn.execute(sa.select(TOKENS).where(TOKENS.c.id == hashed)).first()
    return Token._make(row) if row else None


def tokens(conn: sa.Connection, user: str, kind: str) -> list[Token]:
    """Return the tokens of `user` that have not been ended."""
    wanted = sa.select(TOKENS).where(TOKENS.c.user == user, TOKENS.c.kind == kind)
    rows = conn.execute(wanted.where(TOKENS.c.ended_on.is_(None)).order_by(TOKENS.c.made_on))
    return [Token._make(row) for row in rows]


def live_tokens(conn: sa.Connection) -> list[Token]:
    """Return every token that has not been ended, by its user."""
    wanted = sa.select(TOKENS).where(TOKENS.c.ended_on.is_(None))
    rows = conn.execute(wanted.order_by(TOKENS.c.user, TOKENS.c.kind, TOKENS.c.made_on))
    return [Token._make(row) for row in rows]


def tries(conn: sa.Connection, names: tuple[str, ...]) -> list[Try]:
    """Return what failed under these names."""
    return [Try._make(row) for row in conn.execute(sa.select(TRIES).where(TRIES.c.id.in_(names)))]


def set_out(tx: Transaction, hashed: str, then: str, *, at: datetime, stale: datetime) -> None:
    """Keep that a state of that hash was given at `at`; those given before `stale` are removed."""
    tx.conn.execute(sa.delete(TRIPS).where(TRIPS.c.made_at < stale))
    put(tx, "trips", hashed, {"then": then, "made_at": at})


def come_back(tx: Transaction, hashed: str, *, stale: datetime) -> str | None:
    """Spend the state of that hash and return the page it leads to.

    None when it was never given, has been spent, or was given before `stale`.
    """
    spent = sa.delete(TRIPS).where(TRIPS.c.id == hashed, TRIPS.c.made_at >= stale)
    return tx.conn.execute(spent.returning(TRIPS.c.then)).scalar_one_or_none()


def put(tx: Transaction, table: str, key: str, values: dict[str, Any]) -> None:
    """Write a row of one of these tables, made if it is not there."""
    op: Any = "update" if tx.present(table, [key]) else "insert"
    tx.lease([Change(table, key, values, op)])


def end_sessions(tx: Transaction, user: str, at: datetime) -> None:
    """End every session of `user`."""
    of_user = sa.select(SESSIONS.c.id).where(SESSIONS.c.user == user, SESSIONS.c.ended_at.is_(None))
    tx.lease([Change("sessions", i, {"ended_at": at}) for i in tx.conn.scalars(of_user).all()])


def forget(tx: Transaction, before: datetime) -> None:
    """Remove the sessions not seen and the tries not repeated since `before`."""
    tx.conn.execute(sa.delete(SESSIONS).where(SESSIONS.c.seen_at < before))
    tx.conn.execute(sa.delete(TRIES).where(TRIES.c.last_at < before))
