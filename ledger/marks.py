"""Single remembered values, such as the day of the demonstration clock."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.tables import TABLES

MARKS = TABLES["marks"]


def mark(conn: sa.Connection, name: str) -> str | None:
    """Return the value remembered under `name`, None when there is none."""
    return conn.scalar(sa.select(MARKS.c.value).where(MARKS.c.name == name))
