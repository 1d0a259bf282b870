"""What a digest tells that is about no duty: that a circular was released, a card announced."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from ledger.store.rows import maker, rows
from ledger.tables import TABLES
from ledger.tables.reports import Tiding

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Tiding"]

MESSAGES = TABLES["messages"]
TIDINGS = TABLES["tidings"]


class Fate(NamedTuple):
    """A tiding, and what became of the message it travels in."""

    tiding: Tiding
    state: str
    reason: str | None


def tiding_id(kind: str, subject: str, recipient: str, channel: str) -> str:
    """Return the id of the one tiding these four can have: 16 hex digits of their SHA-256."""
    natural = f"{kind}\n{subject}\n{recipient}\n{channel}"
    return sha256(natural.encode()).hexdigest()[:16]


def told_on(conn: sa.Connection, kind: str, on: date) -> bool:
    """Tell whether something of this kind was told on day `on`."""
    wanted = sa.select(TIDINGS.c.id).where(TIDINGS.c.kind == kind, TIDINGS.c.on == on)
    return conn.execute(wanted.limit(1)).first() is not None


def listed(conn: sa.Connection, *, state: str | None = None) -> list[Fate]:
    """Return the tidings by day, all or those whose message is in `state`."""
    columns = TIDINGS.c
    wanted = sa.select(TIDINGS, MESSAGES.c.state, MESSAGES.c.reason)
    wanted = wanted.join(MESSAGES, MESSAGES.c.id == columns.message)
    if state is not None:
        wanted = wanted.where(MESSAGES.c.state == state)
    tiding = maker(Tiding)
    told = conn.execute(wanted.order_by(columns.on, columns.id))
    return [Fate(tiding(row[:-2]), *row[-2:]) for row in told]


def message_of(conn: sa.Connection, tiding: str) -> str | None:
    """Return the id of the message in which the tiding of that id travels, None for no tiding."""
    found: str | None = conn.scalar(sa.select(TIDINGS.c.message).where(TIDINGS.c.id == tiding))
    return found


def of_message(conn: sa.Connection, message: str) -> list[Tiding]:
    """Return the tidings that travel in `message`, by kind and subject."""
    columns = TIDINGS.c
    wanted = sa.select(TIDINGS).where(columns.message == message)
    return rows(conn, wanted.order_by(columns.kind, columns.subject), Tiding)
