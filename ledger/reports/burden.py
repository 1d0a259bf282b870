"""Burden of agencies: messages and requests by month."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ledger.duties.duties import DUTIES
from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

MESSAGES = TABLES["messages"]
NOTICES = TABLES["notices"]
WITHDRAWN = "superseded"  # the state of a draft that was never sent


class Letter(NamedTuple):
    """One message to an agency, with the number of its notices."""

    id: str
    on: date
    recipient: str
    channel: str
    form: str
    state: str
    notices: int


def messages(conn: sa.Connection, *, since: date, until: date) -> Counter[tuple[str, str]]:
    """Return the number of messages by (month `2014-03`, agency)."""
    c, total = MESSAGES.c, Counter[tuple[str, str]]()
    query = (
        sa.select(c.on, c.recipient, sa.func.count())
        .where(c.on.between(since, until), c.state != WITHDRAWN)
        .group_by(c.on, c.recipient)
    )
    for on, recipient, count in conn.execute(query):
        total[f"{on:%Y-%m}", recipient.partition("/")[0]] += count
    return total


def requests(conn: sa.Connection, *, since: date, until: date) -> Counter[tuple[str, str]]:
    """Return the number of duties opened by (month `2014-03`, performer)."""
    c, total = DUTIES.c, Counter[tuple[str, str]]()
    query = (
        sa.select(c.opened_on, c.performer, sa.func.count())
        .where(c.opened_on.between(since, until))
        .group_by(c.opened_on, c.performer)
    )
    for on, performer, count in conn.execute(query):
        total[f"{on:%Y-%m}", performer] += count
    return total


def letters(conn: sa.Connection, agency: str, *, since: date, until: date) -> list[Letter]:
    """Return the messages of one agency that `messages` counts, by day."""
    c = MESSAGES.c
    query = (
        sa.select(c.id, c.on, c.recipient, c.channel, c.form, c.state, sa.func.count(NOTICES.c.id))
        .outerjoin(NOTICES, NOTICES.c.message == c.id)
        .where(c.on.between(since, until), c.state != WITHDRAWN)
        .where(c.recipient.startswith(f"{agency}/", autoescape=True))
        .group_by(c.id, c.on, c.recipient, c.channel, c.form, c.state)
        .order_by(c.on, c.recipient, c.id)
    )
    rows: Any = conn.execute(query)
    return [Letter._make(row) for row in rows]
