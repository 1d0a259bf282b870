"""How people and systems prove who they are: secrets, which the history never holds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import TRANSIENT, Instant, Row, refers


def _secret(kind: Any = sa.String, **more: Any) -> Any:
    return Field(sa_type=kind, sa_column_kwargs=TRANSIENT, **more)


class CredentialRow(Row, table=True):
    """The password of a user as argon2id, and the secret and last step of its one-time codes."""

    __tablename__ = "credentials"
    __table_args__ = (refers("users", "user"),)

    user: str = Field(primary_key=True)
    password: str = _secret()
    changed_at: datetime = _secret(Instant)
    totp: str | None = _secret(default=None, nullable=True)
    totp_step: int | None = _secret(sa.Integer, default=None, nullable=True)


class SessionRow(Row, table=True):
    """A person signed in at a browser: the hash of its cookie, and what the user then was.

    `proved` is false between the password and the one-time code.
    """

    __tablename__ = "sessions"
    __table_args__ = (refers("users", "user"), sa.Index(None, "user"))

    id: str = Field(primary_key=True)
    user: str = _secret()
    was: str = _secret()
    proved: bool = _secret(sa.Boolean)
    made_at: datetime = _secret(Instant)
    seen_at: datetime = _secret(Instant)
    ended_at: datetime | None = _secret(Instant, default=None, nullable=True)


class TokenRow(Row, table=True):
    """The hash of what a calendar (`feed`) or another system (`api`) shows instead of a person."""

    __tablename__ = "tokens"
    __table_args__ = (refers("users", "user"), sa.Index(None, "user"))

    id: str = Field(primary_key=True)
    user: str = _secret()
    kind: str = _secret()
    made_on: date = _secret(sa.Date)
    ended_on: date | None = _secret(sa.Date, default=None, nullable=True)


class TryRow(Row, table=True):
    """Sign-ins that failed, by login or by address, until one succeeds or they are forgotten."""

    __tablename__ = "tries"

    id: str = Field(primary_key=True)
    failed: int = _secret(sa.Integer)
    last_at: datetime = _secret(Instant)


class TripRow(Row, table=True):
    """A browser sent to the provider: the hash of the state it must bring back, once."""

    __tablename__ = "trips"

    id: str = Field(primary_key=True)
    then: str = _secret()
    made_at: datetime = _secret(Instant)
