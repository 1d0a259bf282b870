"""Who has signed in and with what: passwords, sessions, tokens and failed tries.

Nothing of it is a fact of the plan, so every write is a lease; who signed in when is told by
entries without changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.store.changes import Change
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.signin import Credential, Session, Token, Try

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.session import Transaction

__all__ = ["Credential", "Session", "Token", "Try"]

CREDENTIALS = TABLES["credentials"]
SESSIONS = TABLES["sessions"]
TOKENS = TABLES["tokens"]
TRIES = TABLES["tries"]
TRIPS = TABLES["trips"]


def credential(conn: sa.Connection, user: str) -> Credential | None:
    """Return what `user` proves itself with, None when it cannot sign in with a password."""
    return first(conn, sa.select(CREDENTIALS).where(CREDENTIALS.c.user == user), Credential)


def session(conn: sa.Connection, hashed: str) -> Session | None:
    """Return the session of a cookie's hash."""
    return first(conn, sa.select(SESSIONS).where(SESSIONS.c.id == hashed), Session)


def token(conn: sa.Connection, hashed: str) -> Token | None:
    """Return the token of a hash, ended or not."""
    return first(conn, sa.select(TOKENS).where(TOKENS.c.id == hashed), Token)


def tokens(conn: sa.Connection, user: str, kind: str) -> list[Token]:
    """Return the tokens of `user` that have not been ended."""
    query = sa.select(TOKENS).where(TOKENS.c.user == user, TOKENS.c.kind == kind)
    return rows(conn, query.where(TOKENS.c.ended_on.is_(None)).order_by(TOKENS.c.made_on), Token)


def live_tokens(conn: sa.Connection) -> list[Token]:
    """Return every token that has not been ended, by its user."""
    query = sa.select(TOKENS).where(TOKENS.c.ended_on.is_(None))
    return rows(conn, query.order_by(TOKENS.c.user, TOKENS.c.kind, TOKENS.c.made_on), Token)


def tries(conn: sa.Connection, names: tuple[str, ...]) -> list[Try]:
    """Return what failed under these names."""
    return rows(conn, sa.select(TRIES).where(TRIES.c.id.in_(names)), Try)


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
