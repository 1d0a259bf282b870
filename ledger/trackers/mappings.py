"""Mappings of trackers, kept by the fingerprint of the form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.store.changes import Change
from ledger.store.rows import first
from ledger.tables import TABLES
from ledger.tables.trackers import KeptMapping

if TYPE_CHECKING:
    from ledger.session import Transaction

__all__ = ["KeptMapping"]

MAPPINGS = TABLES["mappings"]


def kept(conn: sa.Connection, fingerprint: str) -> KeptMapping | None:
    """Return the mapping kept for a form, None where there is none."""
    return first(conn, sa.select(MAPPINGS).where(MAPPINGS.c.id == fingerprint), KeptMapping)


def keep(tx: Transaction, mapping: KeptMapping) -> None:
    """Keep a mapping in place of the form's last one."""
    values = mapping.model_dump()
    key = values.pop("id")
    if tx.present("mappings", [key]):
        tx.lease([Change("mappings", key, values)])
    else:
        tx.lease([Change("mappings", key, values, "insert")])
