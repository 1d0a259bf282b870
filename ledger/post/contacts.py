"""Agencies and the contact addresses of their positions."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.plan import Agency

__all__ = ["Agency"]

AGENCIES = TABLES["agencies"]
CONTACTS = TABLES["contacts"]


def agencies(conn: sa.Connection) -> dict[str, Agency]:
    """Return every agency by its id."""
    return _agencies(conn)


def offices(conn: sa.Connection, *, besides: str) -> dict[str, Agency]:
    """Return the coordinating office and the agency `besides`, by id."""
    return _agencies(conn, (AGENCIES.c.id == besides) | (AGENCIES.c.kind == "office"))


def contacts(conn: sa.Connection) -> dict[tuple[str, str], dict[str, str]]:
    """Return channel -> address for each (agency, position) with a contact."""
    addresses: dict[tuple[str, str], dict[str, str]] = {}
    for agency, position, channel, address in conn.execute(
        sa.select(CONTACTS).order_by(*CONTACTS.primary_key)
    ):
        addresses.setdefault((agency, position), {})[channel] = address
    return addresses


def _agencies(conn: sa.Connection, *where: sa.ColumnElement[bool]) -> dict[str, Agency]:
    return {a.id: a for a in rows(conn, sa.select(AGENCIES).where(*where), Agency)}
