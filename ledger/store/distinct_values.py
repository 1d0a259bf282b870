"""Which different values a column has, each found by one look into its index."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def values(column: sa.Column[Any]) -> sa.Select[tuple[Any]]:
    """Return the query for the different values of an indexed `column`.

    It costs what is different, not what exists: neither SQLite nor PostgreSQL does that of itself
    for SELECT DISTINCT.
    """
    first, others = column.table.alias(), column.table.alias()
    found = sa.select(sa.func.min(first.c[column.name]).label("value")).cte(recursive=True)
    above = others.c[column.name] > found.c.value
    following = sa.select(sa.func.min(others.c[column.name])).where(above).scalar_subquery()
    found = found.union_all(sa.select(following).where(found.c.value.is_not(None)))
    return sa.select(found.c.value).where(found.c.value.is_not(None))
