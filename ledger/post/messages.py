"""Outbox: messages and their states, each claimed by one sender at a time."""

from __future__ import annotations

from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from catalog.dates.days import SKEW
from catalog.dates.retries import LEASE, LONGEST_DELAY
from catalog.errors import NotFoundError
from ledger.store.changes import KEYS_PER_QUERY, Change
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.post import Message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime, timedelta

    from ledger.session import Transaction

__all__ = ["Message"]

MESSAGES = TABLES["messages"]
NOTICES = TABLES["notices"]
STATES = ("draft", "queued", "sent", "dead", "superseded")


def digest_id(recipient: str, channel: str, on: date) -> str:
    """Return the id of the one digest these three can have."""
    return sha256(f"{recipient}\n{channel}\n{on}".encode()).hexdigest()[:16]


def one(conn: sa.Connection, message: str) -> Message:
    """Return the message with this id; raises NotFoundError."""
    row = first(conn, sa.select(MESSAGES).where(MESSAGES.c.id == message), Message)
    if row is None:
        raise NotFoundError("message-unknown", message=message)
    return row


def listed(
    conn: sa.Connection, *, state: str | None = None, plan: str | None = None
) -> list[Message]:
    """Return the messages in a state or of a plan, by day."""
    query = sa.select(MESSAGES).order_by(MESSAGES.c.on, MESSAGES.c.id)
    if state is not None:
        query = query.where(MESSAGES.c.state == state)
    if plan is not None:
        query = query.where(MESSAGES.c.plan == plan)
    return rows(conn, query, Message)


def recipients(conn: sa.Connection, ids: Iterable[str]) -> list[str]:
    """Return the recipients of these messages, each once; ids of none are left out."""
    query = sa.select(MESSAGES.c.recipient).where(MESSAGES.c.id.in_(ids)).distinct()
    return list(conn.scalars(query.order_by(MESSAGES.c.recipient)))


def open_digests(conn: sa.Connection, ids: Iterable[str]) -> dict[str, bool]:
    """Return, for those of `ids` that exist, whether a notice may still be added.

    A digest that was tried, is being sent or is settled is closed. None of them is sent before
    this transaction ends.
    """
    untouched = (
        (MESSAGES.c.state == "queued")
        & (MESSAGES.c.tries == 0)
        & MESSAGES.c.claimed_until.is_(None)
    )
    is_open: dict[str, bool] = {}
    rest = iter(sorted(ids))
    while some := list(islice(rest, KEYS_PER_QUERY)):
        query = sa.select(MESSAGES.c.id).where(MESSAGES.c.id.in_(some)).order_by(MESSAGES.c.id)
        # A shared lock: many may fill one digest at once, but no sender claims it meanwhile.
        free = set(conn.scalars(query.where(untouched).with_for_update(read=True)))
        is_open.update((message, message in free) for message in conn.scalars(query))
    return is_open


def drafts_of(conn: sa.Connection, duty: str) -> list[str]:
    """Return the ids of the slips of `duty` that are not released yet."""
    query = (
        sa.select(MESSAGES.c.id)
        .join(NOTICES, NOTICES.c.message == MESSAGES.c.id)
        .where(NOTICES.c.duty == duty, MESSAGES.c.state == "draft")
        .order_by(MESSAGES.c.id)
    )
    return list(conn.scalars(query))


def claim(
    tx: Transaction,
    *,
    on: date,
    at: datetime,
    until: datetime,
    limit: int = 100,
    stopped: Collection[str] = (),
) -> list[Message]:
    """Lease the next messages to send until the instant `until`, and return them, oldest first.

    A message waits for the earlier ones of its recipient and channel, so that delayed mail
    arrives in order; `stopped` channels are skipped. The lease of a sender that dies expires, and
    the next one sends with the same Message-ID.
    """
    blocked = _blocked(at)
    same = ("recipient", "channel")
    ready = (
        _waiting(on)
        .outerjoin(blocked, sa.and_(*(MESSAGES.c[c] == blocked.c[c] for c in same)))
        .where(sa.or_(blocked.c.on.is_(None), MESSAGES.c.on <= blocked.c.on))
        .where(~_ahead(MESSAGES.c.next_try_at, at, LONGEST_DELAY))
        .where(~_ahead(MESSAGES.c.claimed_until, at, LEASE))
        .where(MESSAGES.c.channel.not_in(stopped))
        .order_by(MESSAGES.c.on, MESSAGES.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=MESSAGES)
    )
    tx.hold("claim")  # two senders at once would each skip what the other is claiming
    messages = rows(tx.conn, ready, Message)
    tx.lease(Change("messages", message.id, {"claimed_until": until}) for message in messages)
    return [message.model_copy(update={"claimed_until": until}) for message in messages]


def waiting(conn: sa.Connection, on: date) -> int:
    """Return how many messages of days up to `on` are not settled, leased ones included."""
    query = sa.select(sa.func.count()).select_from(_waiting(on).subquery())
    return conn.execute(query).scalar_one()


def _waiting(on: date) -> sa.Select[Any]:
    return sa.select(MESSAGES).where(MESSAGES.c.state == "queued", MESSAGES.c.on <= on)


def _blocked(at: datetime) -> sa.Subquery:
    """Return, by recipient and channel, the day of the earliest message not to be tried yet."""
    later = sa.or_(
        _ahead(MESSAGES.c.next_try_at, at, LONGEST_DELAY),
        _ahead(MESSAGES.c.claimed_until, at, LEASE),
    )
    return (
        sa.select(MESSAGES.c.recipient, MESSAGES.c.channel, sa.func.min(MESSAGES.c.on).label("on"))
        .where(MESSAGES.c.state == "queued", later)
        .group_by(MESSAGES.c.recipient, MESSAGES.c.channel)
        .subquery()
    )


def _ahead(column: sa.Column[Any], at: datetime, longest: timedelta) -> sa.ColumnElement[bool]:
    """Tell whether a span of at most `longest` has not passed yet.

    An instant further ahead comes from a clock that was wrong: nothing waits for it.
    """
    return sa.and_(column.is_not(None), column > at, column <= at + longest + SKEW)
