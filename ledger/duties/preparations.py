"""Preparations: the material prepared for duties."""

from __future__ import annotations

import sqlalchemy as sa

from ledger.store.rows import first
from ledger.tables import TABLES
from ledger.tables.preparation import Preparation

__all__ = ["Preparation"]

PREPARATIONS = TABLES["preparations"]
_OF_DUTY = sa.select(PREPARATIONS).where(PREPARATIONS.c.duty == sa.bindparam("duty"))


def of(conn: sa.Connection, duty: str) -> Preparation | None:
    """Return the preparation for the duty, None where there is none."""
    return first(conn, _OF_DUTY, Preparation, duty=duty)
