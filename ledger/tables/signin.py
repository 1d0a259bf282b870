"""Credentials, sessions and tokens: secrets, which stay out of the history."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Instant, Names, Row, lease, refers


class Credential(Row):
    """A person's password as argon2id, and the secret and last step of their one-time codes.

    `recovery` are the hashes of codes that are each good once in place of one of those.
    `one_time` is true for a password that an administrator gave: it must be changed. `changed_at`
    is when a password was set, or codes turned on or off.
    """

    user: str = Field(primary_key=True)
    password: str = lease()
    changed_at: datetime = lease(sa_type=Instant)
    one_time: bool = lease(default=False)
    totp: str | None = lease(default=None)
    totp_step: int | None = lease(default=None)
    recovery: tuple[str, ...] = lease(default=(), sa_type=Names)


class CredentialTable(Credential, table=True):
    """The table `credentials`."""

    __tablename__ = "credentials"
    __table_args__ = (refers("users", "user"),)


class Session(Row):
    """A person signed in at a browser: the hash of the cookie, and the user's state at sign-in.

    `proved` is false between the password and the one-time code. `address` and `browser` are for
    the person themself to recognise it by. `seal` signs the row.
    """

    id: str = Field(primary_key=True)
    user: str = lease()
    was: str = lease()
    proved: bool = lease()
    address: str = lease(default="")
    browser: str = lease(default="")
    made_at: datetime = lease(sa_type=Instant)
    seen_at: datetime = lease(sa_type=Instant)
    ended_at: datetime | None = lease(sa_type=Instant, default=None)
    seal: str = lease(default="")


class SessionTable(Session, table=True):
    """The table `sessions`."""

    __tablename__ = "sessions"
    __table_args__ = (refers("users", "user"), sa.Index(None, "user"))


class Token(Row):
    """The hash of the token of a calendar (`feed`) or another system (`api`).

    `was` is the state of its user when it was made, as in a session.
    """

    id: str = Field(primary_key=True)
    user: str = lease()
    was: str = lease()
    kind: str = lease()
    made_on: date = lease()
    ended_on: date | None = lease(default=None)


class TokenTable(Token, table=True):
    """The table `tokens`."""

    __tablename__ = "tokens"
    __table_args__ = (refers("users", "user"), sa.Index(None, "user"))


class Try(Row):
    """Tries to sign in under one name of a limit: until `clear_at` some of them still count."""

    id: str = Field(primary_key=True)
    clear_at: datetime = lease(sa_type=Instant)


class TryTable(Try, table=True):
    """The table `tries`."""

    __tablename__ = "tries"


class TripTable(Row, table=True):
    """A browser redirected to the provider: the hash of the state it must return, once."""

    __tablename__ = "trips"

    id: str = Field(primary_key=True)
    then: str = lease()
    made_at: datetime = lease(sa_type=Instant)
