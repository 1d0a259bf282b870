"""Distinct values of a column: one index lookup a value."""

from __future__ import annotations

from functools import cache
from typing import Any

import sqlalchemy as sa


@cache  # putting it together takes longer than the query
def values(column: sa.Column[Any]) -> sa.Select[tuple[Any]]:
    """Return the query for the distinct values of an indexed `column`.

    It costs as many lookups as there are distinct values. SELECT DISTINCT reads every row, on
    SQLite and on PostgreSQL.
    """
    first, others = column.table.alias(), column.table.alias()
    distinct = sa.select(sa.func.min(first.c[column.name]).label("value")).cte(recursive=True)
    above = others.c[column.name] > distinct.c.value
    following = sa.select(sa.func.min(others.c[column.name])).where(above).scalar_subquery()
    distinct = distinct.union_all(sa.select(following).where(distinct.c.value.is_not(None)))
    return sa.select(distinct.c.value).where(distinct.c.value.is_not(None))
