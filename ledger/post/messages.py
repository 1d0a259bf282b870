"""What leaves and what became of it: the outbox of messages, claimed by one sender at a time."""

from __future__ import annotations

from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from catalog.errors import NotFoundError
from ledger.store.changes import KEYS_PER_QUERY, Change
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.post import Message

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date, datetime

    from ledger.session import Transaction

__all__ = ["Message"]

MESSAGES = TABLES["messages"]
NOTICES = TABLES["notices"]
STATES = ("draft", "queued", "sent", "dead", "superseded")


def digest_id(recipient: str, channel: str, on: date) -> str:
    """Return the id of the one digest these three can have."""
    return sha256(f"{recipient}\n{channel}\n{on}".encode()).hexdigest()[:16]


def one(conn: sa.Connection, message: str) -> Message:
    """Return the message of that id; raises NotFoundError."""
    found = first(conn, sa.select(MESSAGES).where(MESSAGES.c.id == message), Message)
    if found is None:
        raise NotFoundError("message-unknown", message=message)
    return found


def listed(
    conn: sa.Connection, *, state: str | None = None, plan: str | None = None
) -> list[Message]:
    """Return the messages by day: in a state, of a plan."""
    wanted = sa.select(MESSAGES).order_by(MESSAGES.c.on, MESSAGES.c.id)
    if state is not None:
        wanted = wanted.where(MESSAGES.c.state == state)
    if plan is not None:
        wanted = wanted.where(MESSAGES.c.plan == plan)
    return rows(conn, wanted, Message)


def open_digests(conn: sa.Connection, ids: Iterable[str]) -> dict[str, bool]:
    """Return, for those of `ids` that there are, whether they may still take a notice in.

    One that was tried, is just being sent, or is settled has said what it says; none of them is
    sent before this transaction ends.
    """
    untouched = (
        (MESSAGES.c.state == "queued")
        & (MESSAGES.c.tries == 0)
        & MESSAGES.c.claimed_until.is_(None)
    )
    found: dict[str, bool] = {}
    rest = iter(sorted(ids))
    while some := list(islice(rest, KEYS_PER_QUERY)):
        wanted = sa.select(MESSAGES.c.id).where(MESSAGES.c.id.in_(some)).order_by(MESSAGES.c.id)
        # Shared: many may fill one digest at once, but nobody claims it meanwhile.
        free = set(conn.scalars(wanted.where(untouched).with_for_update(read=True)))
        found.update((message, message in free) for message in conn.scalars(wanted))
    return found


def drafts_of(conn: sa.Connection, duty: str) -> list[str]:
    """Return the ids of the slips of `duty` that nobody has released yet."""
    wanted = (
        sa.select(MESSAGES.c.id)
        .join(NOTICES, NOTICES.c.message == MESSAGES.c.id)
        .where(NOTICES.c.duty == duty, MESSAGES.c.state == "draft")
        .order_by(MESSAGES.c.id)
    )
    return list(conn.scalars(wanted))


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

    A message waits for the earlier ones of its recipient and channel, so that mail kept back
    arrives in order; those of the `stopped` channels are left alone. A sender that dies lets its
    lease run out, and the next one sends with the same Message-ID.
    """
    kept_back = _kept_back(at)
    same = ("recipient", "channel")
    ready = (
        _waiting(on)
        .outerjoin(kept_back, sa.and_(*(MESSAGES.c[c] == kept_back.c[c] for c in same)))
        .where(sa.or_(kept_back.c.on.is_(None), MESSAGES.c.on <= kept_back.c.on))
        .where(_past(MESSAGES.c.next_try_at, at), _past(MESSAGES.c.claimed_until, at))
        .where(MESSAGES.c.channel.not_in(stopped))
        .order_by(MESSAGES.c.on, MESSAGES.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=True, of=MESSAGES)
    )
    tx.hold("claim")  # two at once would each pass over what the other is just taking
    claimed = rows(tx.conn, ready, Message)
    tx.lease(Change("messages", message.id, {"claimed_until": until}) for message in claimed)
    return [message.model_copy(update={"claimed_until": until}) for message in claimed]


def waiting(conn: sa.Connection, on: date) -> int:
    """Return how many messages of days up to `on` have not been settled, leased ones included."""
    counted = sa.select(sa.func.count()).select_from(_waiting(on).subquery())
    return conn.execute(counted).scalar_one()


def _waiting(on: date) -> sa.Select[Any]:
    return sa.select(MESSAGES).where(MESSAGES.c.state == "queued", MESSAGES.c.on <= on)


def _kept_back(at: datetime) -> sa.Subquery:
    """Return, by recipient and channel, the day of the earliest message not to be tried yet."""
    later = sa.or_(MESSAGES.c.next_try_at > at, MESSAGES.c.claimed_until > at)
    return (
        sa.select(MESSAGES.c.recipient, MESSAGES.c.channel, sa.func.min(MESSAGES.c.on).label("on"))
        .where(MESSAGES.c.state == "queued", later)
        .group_by(MESSAGES.c.recipient, MESSAGES.c.channel)
        .subquery()
    )


def _past(column: sa.Column[Any], at: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(column.is_(None), column <= at)
