"""Sign-in: passwords, sessions, tokens and tries.

They are no facts of a plan, so every write is a lease; the history has an entry without changes
for each sign-in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.people import users
from ledger.proof import session_seals
from ledger.store.changes import Change
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.signin import Credential, Session, Token, Try

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.session import Transaction

__all__ = ["Credential", "Session", "Token", "Try"]

CREDENTIALS = TABLES["credentials"]
SESSIONS = TABLES["sessions"]
TOKENS = TABLES["tokens"]
TRIES = TABLES["tries"]
TRIPS = TABLES["trips"]


def credential(conn: sa.Connection, user: str) -> Credential | None:
    """Return the credential of the person who has the login `user`, whichever of theirs it is.

    None where they cannot sign in with a password.
    """
    return first(conn, sa.select(CREDENTIALS).where(_is_of(CREDENTIALS, user)), Credential)


def with_one_time(conn: sa.Connection) -> frozenset[str]:
    """Return the first logins of those who have a one-time password that they must change."""
    return frozenset(conn.scalars(sa.select(CREDENTIALS.c.user).where(CREDENTIALS.c.one_time)))


def with_password(conn: sa.Connection) -> frozenset[str]:
    """Return the first logins of those who can sign in with a password."""
    return frozenset(conn.scalars(sa.select(CREDENTIALS.c.user)))


def put_credential(tx: Transaction, user: str, values: dict[str, Any]) -> None:
    """Set values of the credential of the person who has the login `user`."""
    put(tx, "credentials", users.person_of(tx.conn, user), values)


def sessions(conn: sa.Connection, user: str) -> list[Session]:
    """Return the sessions of the person that have not been ended, the last used one first.

    They are of all logins of the person who has the login `user`.
    """
    query = sa.select(SESSIONS).where(_is_of(SESSIONS, user), SESSIONS.c.ended_at.is_(None))
    return rows(conn, query.order_by(SESSIONS.c.seen_at.desc(), SESSIONS.c.made_at), Session)


def is_familiar(conn: sa.Connection, user: str, address: str) -> bool:
    """Tell whether the person was signed in from this address, as long as that is remembered."""
    c = SESSIONS.c
    query = sa.select(c.id).where(_is_of(SESSIONS, user), c.address == address, c.proved).limit(1)
    return conn.scalar(query) is not None


def session(conn: sa.Connection, hashed: str) -> Session | None:
    """Return the session of a cookie, by the cookie's hash; None for one not made here."""
    row = first(conn, sa.select(SESSIONS).where(SESSIONS.c.id == hashed), Session)
    return row if row is not None and session_seals.is_sealed(conn, row) else None


def token(conn: sa.Connection, hashed: str) -> Token | None:
    """Return the token with this hash, ended or not."""
    return first(conn, sa.select(TOKENS).where(TOKENS.c.id == hashed), Token)


def tokens(conn: sa.Connection, user: str, kind: str) -> list[Token]:
    """Return the tokens of `user` that have not been ended."""
    query = sa.select(TOKENS).where(TOKENS.c.user == user, TOKENS.c.kind == kind)
    return rows(conn, query.where(TOKENS.c.ended_on.is_(None)).order_by(TOKENS.c.made_on), Token)


def live_tokens(conn: sa.Connection) -> list[Token]:
    """Return every token that has not been ended, by its user."""
    query = sa.select(TOKENS).where(TOKENS.c.ended_on.is_(None))
    return rows(conn, query.order_by(TOKENS.c.user, TOKENS.c.kind, TOKENS.c.made_on), Token)


def tries(conn: sa.Connection, names: Iterable[str]) -> list[Try]:
    """Return the tries that count under these names."""
    return rows(conn, sa.select(TRIES).where(TRIES.c.id.in_(names)), Try)


def start_trip(tx: Transaction, hashed: str, then: str, *, at: datetime, stale: datetime) -> None:
    """Record the hash of an OIDC state issued at `at`, and delete those from before `stale`."""
    tx.conn.execute(sa.delete(TRIPS).where(TRIPS.c.made_at < stale))
    put(tx, "trips", hashed, {"then": then, "made_at": at})


def end_trip(tx: Transaction, hashed: str, *, stale: datetime) -> str | None:
    """Use up the OIDC state with this hash and return the page to go to.

    None where it was never issued, is used up, or was issued before `stale`.
    """
    trip = sa.delete(TRIPS).where(TRIPS.c.id == hashed, TRIPS.c.made_at >= stale)
    return tx.conn.execute(trip.returning(TRIPS.c.then)).scalar_one_or_none()


def put(tx: Transaction, table: str, key: str, values: dict[str, Any]) -> None:
    """Insert or update a row of one of these tables."""
    op: Any = "update" if tx.present(table, [key]) else "insert"
    if table == "sessions" and op == "insert":
        values = values | {"seal": session_seals.seal(tx.conn, key, values)}
    tx.lease([Change(table, key, values, op)])


def end_proofs(tx: Transaction, user: str, at: datetime) -> None:
    """End every session and token of the person (docs/sign-in.md, What ends with what)."""
    end_sessions(tx, [each.id for each in sessions(tx.conn, user)], at)
    query = sa.select(TOKENS.c.id).where(_is_of(TOKENS, user), TOKENS.c.ended_on.is_(None))
    ended = {"ended_on": at.date()}
    tx.lease([Change("tokens", token, ended) for token in tx.conn.scalars(query).all()])


def end_sessions(tx: Transaction, ids: Iterable[str], at: datetime) -> None:
    """End these sessions."""
    tx.lease([Change("sessions", each, {"ended_at": at}) for each in ids])


def forget(tx: Transaction, at: datetime, *, unused_since: datetime) -> None:
    """Delete sessions not used since that instant, and tries that no longer count at `at`."""
    tx.conn.execute(sa.delete(SESSIONS).where(SESSIONS.c.seen_at < unused_since))
    tx.conn.execute(sa.delete(TRIES).where(TRIES.c.clear_at <= at))


def _is_of(table: sa.Table, user: str) -> sa.ColumnElement[bool]:
    """Return the condition on `table` for the rows of the person who has the login `user`."""
    return table.c.user.in_(users.logins_of(user))
