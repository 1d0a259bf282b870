"""What agencies are burdened with: how many messages and requests each had in a month."""

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
WITHDRAWN = "superseded"  # a draft that was taken back; nobody was written to


class Letter(NamedTuple):
    """One message to an agency, and how many notices it carries."""

    id: str
    on: date
    recipient: str
    channel: str
    form: str
    state: str
    notices: int


def messages(conn: sa.Connection, *, since: date, until: date) -> Counter[tuple[str, str]]:
    """Return how many messages each agency got by (month `2014-03`, agency)."""
    c, found = MESSAGES.c, Counter[tuple[str, str]]()
    counted = (
        sa.select(c.on, c.recipient, sa.func.count())
        .where(c.on.between(since, until), c.state != WITHDRAWN)
        .group_by(c.on, c.recipient)
    )
    for on, recipient, count in conn.execute(counted):
        found[f"{on:%Y-%m}", recipient.partition("/")[0]] += count
    return found


def requests(conn: sa.Connection, *, since: date, until: date) -> Counter[tuple[str, str]]:
    """Return how many duties opened for each performer by (month, agency): what it was asked."""
    c, found = DUTIES.c, Counter[tuple[str, str]]()
    counted = (
        sa.select(c.opened_on, c.performer, sa.func.count())
        .where(c.opened_on.between(since, until))
        .group_by(c.opened_on, c.performer)
    )
    for on, performer, count in conn.execute(counted):
        found[f"{on:%Y-%m}", performer] += count
    return found


def letters(conn: sa.Connection, agency: str, *, since: date, until: date) -> list[Letter]:
    """Return the messages of one agency, those `messages` counts, by day."""
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
