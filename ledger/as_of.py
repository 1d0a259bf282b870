"""The ledger as it was known at a past moment, folded from the history up to then."""

from __future__ import annotations

import json
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.bulk import default_of
from ledger.fold import fold
from ledger.history import CHUNK, ENTRIES, stream
from ledger.tables import TABLES, Row, transient

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.fold import Rows
    from ledger.session import Ledger


@contextmanager
def as_of(ledger: Ledger, before: datetime) -> Iterator[sa.Connection]:
    """Give a connection to the ledger as it was known just before an instant.

    It lives in memory, and every query of this floor works on it. Leases are no facts: how far a
    sweep had come and what was being sent stands at its default.
    """
    engine = sa.create_engine("sqlite://")
    try:
        with engine.connect() as past:
            Row.metadata.create_all(past)
            with ledger.read() as conn:
                for name, rows in fold(conn, before=before).items():
                    _insert(past, name, _whole(TABLES[name], rows))
                _insert(past, ENTRIES.name, (row._asdict() for row in stream(conn, before=before)))
            yield past
    finally:
        engine.dispose()


def _whole(table: sa.Table, rows: Rows) -> Iterator[dict[str, Any]]:
    """Yield the rows of `table` as SQLite keeps them: folded values, and leases by default."""
    keys = [column.name for column in table.primary_key]
    leases = {name: default_of(table.c[name]) for name in transient(table)}
    for key, row in rows.items():
        told = dict(zip(keys, key if isinstance(key, tuple) else (key,), strict=True))
        told.update((c, _kept(v)) for c, v in row.items())
        yield told | leases


def _insert(past: sa.Connection, name: str, rows: Iterable[dict[str, Any]]) -> None:
    """Insert `rows` untouched by the column types: they are as the database keeps them."""
    plain = sa.table(name, *(sa.column(c.name) for c in TABLES[name].columns))
    rest = iter(rows)
    while some := list(islice(rest, CHUNK)):
        past.execute(sa.insert(plain), some)


def _kept(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
