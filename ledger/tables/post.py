"""Outbox: notices, the messages that gather them, the letters that carry those, and attempts."""

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
    superseded_on: date | None = None  # the day its letter left without it, its matter settled


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
        sa.Index(None, "state", "on"),
    )


class Letter(Row):
    """What one mailbox gets: a digest of several messages, or one slip.

    `on` is the day it was formed for, of one that was sent the day it left. `settled_at` stays when
    a dead letter is queued again: it was tried, and takes no further message.
    """

    id: str = Field(primary_key=True)
    channel: str
    address: str
    on: date
    form: str
    state: str
    message_id: str
    settled_at: datetime | None = Field(default=None, sa_type=Instant)
    reason: str | None = None
    tries: int = lease(default=0)
    next_try_at: datetime | None = lease(default=None, sa_type=Instant)
    claimed_until: datetime | None = lease(default=None, sa_type=Instant)


class LetterTable(Letter, table=True):
    """The table `letters`."""

    __tablename__ = "letters"
    __table_args__ = (
        sa.UniqueConstraint("message_id"),
        sa.Index(None, "channel", "address", "on"),
        sa.Index(None, "state", "on"),
    )


class CarriedTable(Row, table=True):
    """A message that a letter carries, in one letter for each mailbox of its recipient."""

    __tablename__ = "carried"
    __table_args__ = (
        refers("letters", "letter"),
        refers("messages", "message"),
        sa.Index(None, "message"),
    )

    letter: str = Field(primary_key=True)
    message: str = Field(primary_key=True)
    place: int  # in the order of days, from 0


class AttemptTable(Row, table=True):
    """One attempt to hand a letter to its provider, and the provider's answer.

    `message` is the first that the letter carries, or one for which nobody could be reached.
    """

    __tablename__ = "attempts"
    __table_args__ = (refers("messages", "message"), sa.Index(None, "message"))

    id: str = Field(primary_key=True)
    message: str
    at: datetime = Field(sa_type=Instant)
    outcome: str
    detail: str | None = None


class ChannelStop(Row):
    """One stop of a channel; `ended` is what ended it: a letter `accepted`, or a `person`.

    `words` are those of the reason that belong to no one letter; `letters` are those that were
    refused, which wait until others have been tried.
    """

    id: str = Field(primary_key=True)
    channel: str
    kind: str
    reason: str
    words: str
    since: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    ended: str | None = None
    looks: int = lease(default=0)
    next_look: datetime | None = lease(default=None, sa_type=Instant)
    letters: tuple[str, ...] = lease(default=(), sa_type=Names)


class ChannelStopTable(ChannelStop, table=True):
    """The table `channel_stops`."""

    __tablename__ = "channel_stops"
    __table_args__ = (
        sa.Index(
            "uq_channel_stops_current",
            "channel",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


class Bounce(Row):
    """A mail server's word that a sent letter was not delivered, or not yet.

    `action` is `failed` or `delayed`, at most one row of each a letter; `kind` is why: `unknown`
    (no such mailbox), `full`, `refused` (the server refuses our mail) or `other`; `status` its code
    of RFC 3463. `ended_at` is when the address was recorded anew: a person says that it works.
    """

    id: str = Field(primary_key=True)
    letter: str
    channel: str
    address: str
    action: str
    kind: str
    status: str
    reason: str
    at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)


class BounceTable(Bounce, table=True):
    """The table `bounces`."""

    __tablename__ = "bounces"
    __table_args__ = (
        refers("letters", "letter"),
        sa.Index(None, "channel", "address", "at"),
    )
