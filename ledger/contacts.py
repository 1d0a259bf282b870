"""Who the agencies are, and where their positions are reached."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from ledger.changes import ASK_AT_ONCE
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

AGENCIES = TABLES["agencies"]
CONTACTS = TABLES["contacts"]


class Agency(NamedTuple):
    """A registered agency; the columns of `agencies`."""

    id: str
    name: str
    kind: str
    host: str | None


def agencies(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> dict[str, Agency]:
    """Return every agency by its id, or those for which `where` holds."""
    found = (Agency._make(row) for row in conn.execute(sa.select(AGENCIES).where(*where)))
    return {agency.id: agency for agency in found}


def contacts(conn: sa.Connection) -> dict[tuple[str, str], dict[str, str]]:
    """Return channel -> address for each (agency, position) that somebody fills."""
    reached: dict[tuple[str, str], dict[str, str]] = {}
    for agency, position, channel, address in conn.execute(
        sa.select(CONTACTS).order_by(*CONTACTS.primary_key)
    ):
        reached.setdefault((agency, position), {})[channel] = address
    return reached


def hold(conn: sa.Connection, reached: Iterable[tuple[str, str]]) -> None:
    """Let nobody else fill the digests of these recipients and channels until we are done.

    Two that fill one digest at once would both make it; a writer on SQLite is alone anyway.
    """
    if conn.dialect.name == "sqlite":
        return
    keys = sorted((*recipient.split("/", 1), channel) for recipient, channel in reached)
    place = sa.tuple_(*CONTACTS.primary_key)
    rest = iter(keys)
    while some := list(islice(rest, ASK_AT_ONCE)):
        wanted = sa.select(CONTACTS.c.agency).where(place.in_(some))
        conn.execute(wanted.order_by(*CONTACTS.primary_key).with_for_update(key_share=True))
