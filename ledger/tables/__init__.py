"""Tables of the ledger: columns, keys, constraints and indexes."""

from __future__ import annotations

from typing import TYPE_CHECKING

# Each module adds its tables to the metadata of Row when it is imported.
from ledger.tables import (
    assignments,
    bundles,
    chain,
    duty,
    homes,
    life,
    own,
    people,
    plan,
    post,
    preparation,
    reports,
    signin,
    trackers,
)
from ledger.tables.base import Instant, Names, Row, instant_text, is_secret, transient

if TYPE_CHECKING:
    import sqlalchemy as sa

__all__ = [
    "RECORDED",
    "TABLES",
    "Instant",
    "Names",
    "Row",
    "assignments",
    "bundles",
    "chain",
    "duty",
    "homes",
    "instant_text",
    "is_secret",
    "life",
    "own",
    "people",
    "plan",
    "post",
    "preparation",
    "reports",
    "signin",
    "trackers",
    "transient",
]

TABLES: dict[str, sa.Table] = dict(Row.metadata.tables)
# Tables that folding the history rebuilds; one of leases alone is not in the history.
RECORDED = tuple(sorted(n for n, t in TABLES.items() if n != "entries" and not is_secret(t)))
