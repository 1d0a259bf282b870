"""The outbox as a list: messages that have reached nobody, and the last try of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from ledger.post.messages import UNDELIVERED
from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.post import Message

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

MESSAGES, ATTEMPTS, CARRIED = TABLES["messages"], TABLES["attempts"], TABLES["carried"]
WAITING, DEAD, BOUNCED = "queued", "dead", "bounced"
STATES = (*UNDELIVERED, WAITING)


class Selection(NamedTuple):
    """A part of the outbox; an empty field means all."""

    state: str = ""
    agency: str = ""
    channel: str = ""


class LastTry(NamedTuple):
    """The last attempt to send a message, and the provider's answer, "" where there is none."""

    at: datetime
    detail: str


def page(conn: sa.Connection, chosen: Selection, *, limit: int, offset: int = 0) -> list[Message]:
    """Return the messages of the selection that have reached nobody, by day."""
    query = sa.select(MESSAGES).where(*_where(chosen)).order_by(MESSAGES.c.on, MESSAGES.c.id)
    return rows(conn, query.limit(limit).offset(offset), Message)


def undelivered(conn: sa.Connection, chosen: Selection, *, limit: int) -> list[Message]:
    """Return the dead and the bounced messages of the selection, by day."""
    where = [*_where(chosen), MESSAGES.c.state.in_(UNDELIVERED)]
    query = sa.select(MESSAGES).where(*where).order_by(MESSAGES.c.on, MESSAGES.c.id)
    return rows(conn, query.limit(limit), Message)


def undelivered_of(conn: sa.Connection, ids: Iterable[str]) -> list[Message]:
    """Return those of these messages that are dead or bounced."""
    where = (MESSAGES.c.id.in_(list(ids)), MESSAGES.c.state.in_(UNDELIVERED))
    return rows(conn, sa.select(MESSAGES).where(*where).order_by(MESSAGES.c.id), Message)


def counts(conn: sa.Connection, chosen: Selection) -> dict[str, int]:
    """Return how many messages of the selection are in each state, whatever its own."""
    where = _where(chosen._replace(state=""))
    query = sa.select(MESSAGES.c.state, sa.func.count()).where(*where).group_by(MESSAGES.c.state)
    numbers: dict[str, int] = dict(conn.execute(query).tuples().all())
    return {state: numbers.get(state, 0) for state in STATES}


def places(conn: sa.Connection) -> set[tuple[str, str]]:
    """Return recipient and channel of the messages that have reached nobody."""
    query = sa.select(MESSAGES.c.recipient, MESSAGES.c.channel).where(*_where(Selection()))
    return {(recipient, channel) for recipient, channel in conn.execute(query.distinct())}


def last_tries(conn: sa.Connection, messages: Iterable[str]) -> dict[str, LastTry]:
    """Return the last try of each of `messages` that was tried, in whatever letter.

    A letter's attempts are recorded for the first message that it carries.
    """
    first = CARRIED.alias()
    query = (
        sa.select(CARRIED.c.message, ATTEMPTS.c.at, ATTEMPTS.c.detail)
        .join(first, (first.c.letter == CARRIED.c.letter) & (first.c.place == 0))
        .join(ATTEMPTS, ATTEMPTS.c.message == first.c.message)
        .where(CARRIED.c.message.in_(list(messages)))
        .order_by(ATTEMPTS.c.at, ATTEMPTS.c.id)
    )
    return {message: LastTry(at, detail or "") for message, at, detail in conn.execute(query)}


def _where(chosen: Selection) -> list[sa.ColumnElement[bool]]:
    where: list[sa.ColumnElement[bool]] = [
        MESSAGES.c.state.in_([chosen.state] if chosen.state else STATES)
    ]
    if chosen.agency:
        where.append(MESSAGES.c.recipient.startswith(f"{chosen.agency}/", autoescape=True))
    if chosen.channel:
        where.append(MESSAGES.c.channel == chosen.channel)
    return where
