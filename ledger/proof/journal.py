"""The whole history as an auditor reads it: chosen, counted and leafed through, the last first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.proof.chain import ENTRIES, Entry, read
from ledger.tables import instant_text

if TYPE_CHECKING:
    from datetime import datetime


def where(
    *,
    actor: str = "",
    deed: str = "",
    about: str = "",
    since: datetime | None = None,
    before: datetime | None = None,
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on the entries; what is empty asks for nothing.

    `about` stands somewhere in the subject; the instants are of the entry, `before` not included.
    """
    columns = ENTRIES.c
    asked = {columns.actor: actor, columns.deed: deed}
    found = [column == value for column, value in asked.items() if value]
    if about:
        found.append(columns.subject.contains(about, autoescape=True))
    if since is not None:  # text of one length and one zone: it sorts as the instants do
        found.append(columns.at >= instant_text(since))
    if before is not None:
        found.append(columns.at < instant_text(before))
    return found


def chosen(
    conn: sa.Connection, *where: sa.ColumnElement[bool], limit: int, offset: int = 0
) -> list[Entry]:
    """Return the entries for which all of `where` holds, the last first."""
    wanted = sa.select(ENTRIES).where(*where).order_by(ENTRIES.c.seq.desc())
    return [read(row) for row in conn.execute(wanted.limit(limit).offset(offset))]


def count(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> int:
    """Return how many entries `chosen` would give without a limit."""
    return conn.execute(sa.select(sa.func.count()).select_from(ENTRIES).where(*where)).scalar_one()


def between(conn: sa.Connection, first: int, last: int) -> list[Entry]:
    """Return the entries from number `first` to `last`, in order."""
    wanted = sa.select(ENTRIES).where(ENTRIES.c.seq.between(first, last))
    return [read(row) for row in conn.execute(wanted.order_by(ENTRIES.c.seq))]


def deeds(conn: sa.Connection) -> list[str]:
    """Return every deed that was ever done."""
    return list(conn.scalars(sa.select(ENTRIES.c.deed).distinct().order_by(ENTRIES.c.deed)))


def actors(conn: sa.Connection) -> list[str]:
    """Return everyone who ever did something, we ourselves included."""
    return list(conn.scalars(sa.select(ENTRIES.c.actor).distinct().order_by(ENTRIES.c.actor)))
