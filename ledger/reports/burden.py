"""Burden of agencies: letters and requests by month."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from ledger.duties.duties import DUTIES
from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

CARRIED, LETTERS = TABLES["carried"], TABLES["letters"]
MESSAGES = TABLES["messages"]
NOTICES = TABLES["notices"]
COUNTED = ("queued", "sent", "bounced")  # the states of a letter that leaves or has left
WITHDRAWN = "superseded"  # the state of what was never sent, as there was nothing left to say


class Letter(NamedTuple):
    """One letter to an agency, or a message in no letter, with the number of its notices.

    `recipient` are the agency's positions that share the letter.
    """

    id: str
    on: date
    recipient: str
    channel: str
    form: str
    state: str
    notices: int


def messages(conn: sa.Connection, *, since: date, until: date) -> Counter[tuple[str, str]]:
    """Return the number of letters by (month `2014-03`, agency).

    A message that no letter carries yet, a dead one or a draft, counts as one.
    """
    each = {(row.on, row.recipient.partition("/")[0], row.id) for row in _rows(conn, since, until)}
    return Counter((f"{on:%Y-%m}", agency) for on, agency, _ in each)


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
    """Return the letters to one agency that `messages` counts, by day."""
    own = MESSAGES.c.recipient.startswith(f"{agency}/", autoescape=True)
    by_letter: dict[str, list[Letter]] = {}
    for row in _rows(conn, since, until, own):
        by_letter.setdefault(row.id, []).append(row)
    return sorted(map(_together, by_letter.values()), key=lambda each: each[1:3])


def _together(rows: list[Letter]) -> Letter:
    recipients = dict.fromkeys(row.recipient for row in rows)
    notices = sum(row.notices for row in rows)
    return rows[0]._replace(recipient=", ".join(recipients), notices=notices)


def _rows(
    conn: sa.Connection, since: date, until: date, *where: sa.ColumnElement[bool]
) -> list[Letter]:
    """Return a row for each message of a letter, and for each message that is in none."""
    notices = sa.select(sa.func.count()).where(NOTICES.c.message == MESSAGES.c.id)
    c, m, many = LETTERS.c, MESSAGES.c, notices.scalar_subquery()
    in_letter = (
        sa.select(c.id, c.on, m.recipient, c.channel, c.form, c.state, many)
        .join(CARRIED, CARRIED.c.letter == c.id)
        .join(MESSAGES, m.id == CARRIED.c.message)
        .where(c.on.between(since, until), c.state.in_(COUNTED), *where)
    )
    carried = sa.select(CARRIED.c.letter).join(LETTERS, c.id == CARRIED.c.letter)
    carried = carried.where(CARRIED.c.message == m.id, c.state.in_(COUNTED)).correlate(MESSAGES)
    alone = sa.select(m.id, m.on, m.recipient, m.channel, m.form, m.state, many)
    alone = alone.where(m.on.between(since, until), m.state != WITHDRAWN, ~carried.exists(), *where)
    return [Letter._make(row) for query in (in_letter, alone) for row in conn.execute(query)]
