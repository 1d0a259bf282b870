"""What is kept: every table of the ledger, its keys, its referees and its indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

# Each module adds its tables to the metadata of Row when it is imported.
from ledger.tables import chain, duty, life, people, plan, post
from ledger.tables.base import Instant, Names, Row, instant_text, transient

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = [
    "RECORDED",
    "TABLES",
    "Instant",
    "Names",
    "Row",
    "chain",
    "duty",
    "instant_text",
    "life",
    "people",
    "plan",
    "post",
    "transient",
]

TABLES: dict[str, sa.Table] = dict(Row.metadata.tables)
RECORDED = tuple(sorted(TABLES.keys() - {"entries"}))  # what folding the history gives again
