"""Outbox: messages and their states; letters carry them."""

from __future__ import annotations

from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

import sqlalchemy as sa

from catalog.errors import NotFoundError
from ledger.store.changes import KEYS_PER_QUERY
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.post import Message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

__all__ = ["Message"]

MESSAGES = TABLES["messages"]
CARRIED = TABLES["carried"]
NOTICES = TABLES["notices"]
STATES = ("draft", "queued", "sent", "dead", "bounced", "superseded")
LEFT = ("sent", "bounced")  # of what a provider has taken
UNDELIVERED = ("dead", "bounced")  # of what has reached nobody
_OF_IDS = (
    sa.select(MESSAGES.c.id)
    .where(MESSAGES.c.id.in_(sa.bindparam("ids", expanding=True)))
    .order_by(MESSAGES.c.id)
)
_LOCKED = _OF_IDS.with_for_update(read=True)
_FREE = _OF_IDS.where(
    MESSAGES.c.state == "queued",
    ~sa.select(CARRIED.c.message).where(CARRIED.c.message == MESSAGES.c.id).exists(),
)


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
    conn: sa.Connection,
    *,
    state: str | None = None,
    plan: str | None = None,
    recipient: str | None = None,
) -> list[Message]:
    """Return the messages in a state, of a plan or to a recipient, by day."""
    query = sa.select(MESSAGES).order_by(MESSAGES.c.on, MESSAGES.c.id)
    limits = {"state": state, "plan": plan, "recipient": recipient}
    for name, value in limits.items():
        if value is not None:
            query = query.where(MESSAGES.c[name] == value)
    return rows(conn, query, Message)


def count(conn: sa.Connection, *, state: str) -> int:
    """Count the messages in a state."""
    query = sa.select(sa.func.count()).select_from(MESSAGES).where(MESSAGES.c.state == state)
    return conn.scalar(query) or 0


def recipients(conn: sa.Connection, ids: Iterable[str]) -> list[str]:
    """Return the recipients of these messages, each once; ids of none are left out."""
    query = sa.select(MESSAGES.c.recipient).where(MESSAGES.c.id.in_(ids)).distinct()
    return list(conn.scalars(query.order_by(MESSAGES.c.recipient)))


def open_digests(conn: sa.Connection, ids: Iterable[str]) -> dict[str, bool]:
    """Return, for those of `ids` that exist, whether a notice may still be added.

    A digest that is in a letter, or settled, is closed. No letter takes one of them before this
    transaction ends.
    """
    is_open: dict[str, bool] = {}
    rest = iter(sorted(ids))
    while some := list(islice(rest, KEYS_PER_QUERY)):
        # A shared lock: many may fill one digest at once, but no letter takes it meanwhile. What
        # letters have taken is asked after it, as another transaction may have held the rows.
        conn.execute(_LOCKED, {"ids": some}).all()
        free = set(conn.scalars(_FREE, {"ids": some}))
        is_open.update(
            (message, message in free) for message in conn.scalars(_OF_IDS, {"ids": some})
        )
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
