"""Outbox: notices, the messages that carry them, and the attempts to send those."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Instant, Names, Row, lease, refers


class NoticeBase(Row):
    """One rung sent to one recipient by one channel; the unique key allows it once."""

    id: str = Field(primary_key=True)
    duty: str
    due_version: int
    rung: str
    recipient: str
    channel: str
    on: date
    form: str
    coalesced: tuple[str, ...] = Field(default=(), sa_type=Names)
    message: str


class NoticeTable(NoticeBase, table=True):
    """The table `notices`."""

    __tablename__ = "notices"
    __table_args__ = (
        refers("duties", "duty"),
        refers("messages", "message"),
        sa.UniqueConstraint("duty", "due_version", "rung", "recipient", "channel"),
        sa.Index(None, "message"),
    )


class Message(Row):
    """One digest per recipient, channel and day, or one slip."""

    id: str = Field(primary_key=True)
    plan: str
    recipient: str
    channel: str
    form: str
    on: date
    state: str
    message_id: str
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str | None = None
    tries: int = lease(default=0)
    next_try_at: datetime | None = lease(default=None, sa_type=Instant)
    claimed_until: datetime | None = lease(default=None, sa_type=Instant)


class MessageTable(Message, table=True):
    """The table `messages`."""

    __tablename__ = "messages"
    __table_args__ = (
        sa.UniqueConstraint("message_id"),
        sa.Index(
            "uq_messages_digest",
            "recipient",
            "channel",
            "on",
            unique=True,
            sqlite_where=sa.text("form = 'digest'"),
            postgresql_where=sa.text("form = 'digest'"),
        ),
        sa.Index(None, "state", "on", "next_try_at"),
    )


class AttemptTable(Row, table=True):
    """One attempt to hand a message to its provider, and the provider's answer."""

    __tablename__ = "attempts"
    __table_args__ = (refers("messages", "message"), sa.Index(None, "message"))

    id: str = Field(primary_key=True)
    message: str
    at: datetime = Field(sa_type=Instant)
    outcome: str
    detail: str | None = None
