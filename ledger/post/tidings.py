"""Tidings: news in a digest that is about no duty, as of a circular or a scorecard."""

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


_own_state: sa.ColumnElement[str] = sa.case(
    (TIDINGS.c.superseded_on.is_not(None), "superseded"), else_=MESSAGES.c.state
)


class Fate(NamedTuple):
    """A tiding, and its state: that of its message, or `superseded` where it was left out."""

    tiding: Tiding
    state: str
    reason: str | None


def tiding_id(kind: str, subject: str, recipient: str, channel: str) -> str:
    """Return the id of the one tiding with these four values: 16 hex digits of their SHA-256."""
    natural = f"{kind}\n{subject}\n{recipient}\n{channel}"
    return sha256(natural.encode()).hexdigest()[:16]


def exists_on(conn: sa.Connection, kind: str, on: date) -> bool:
    """Tell whether there is a tiding of this kind of day `on`."""
    query = sa.select(TIDINGS.c.id).where(TIDINGS.c.kind == kind, TIDINGS.c.on == on)
    return conn.execute(query.limit(1)).first() is not None


def listed(conn: sa.Connection, *, state: str | None = None) -> list[Fate]:
    """Return the tidings by day: all, or those in `state`."""
    return _fates(conn, _own_state == state if state else sa.true())


def of_meeting(conn: sa.Connection, duty: str, recipient: str) -> list[Fate]:
    """Return the tidings to `recipient` about the meetings that the duty plans, by day."""
    columns = TIDINGS.c
    where = (
        columns.recipient == recipient,
        columns.subject.startswith(f"{duty}#", autoescape=True),
    )
    return _fates(conn, *where)


def message_of(conn: sa.Connection, tiding: str) -> str | None:
    """Return the id of the message that carries the tiding with this id, None for no tiding."""
    message: str | None = conn.scalar(sa.select(TIDINGS.c.message).where(TIDINGS.c.id == tiding))
    return message


def of_message(conn: sa.Connection, message: str) -> list[Tiding]:
    """Return the tidings that `message` carries, by kind and subject."""
    columns = TIDINGS.c
    query = sa.select(TIDINGS).where(columns.message == message)
    return rows(conn, query.order_by(columns.kind, columns.subject), Tiding)


def _fates(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> list[Fate]:
    query = sa.select(TIDINGS, _own_state, MESSAGES.c.reason)
    query = query.join(MESSAGES, MESSAGES.c.id == TIDINGS.c.message).where(*where)
    tiding = maker(Tiding)
    result = conn.execute(query.order_by(TIDINGS.c.on, TIDINGS.c.id))
    return [Fate(tiding(row[:-2]), *row[-2:]) for row in result]
