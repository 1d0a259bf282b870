"""Time machine: the ledger as it was known at a past moment, folded from the history."""

from __future__ import annotations

import json
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.proof.chain import CHUNK, ENTRIES, stream
from ledger.proof.fold import fold
from ledger.store.bulk_rows import default_of, insert
from ledger.tables import TABLES, Row, transient

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from ledger.proof.fold import Rows
    from ledger.session import Ledger


@contextmanager
def as_of(ledger: Ledger, before: datetime) -> Iterator[sa.Connection]:
    """Provide a connection to the ledger as it was known just before an instant.

    It is in memory, and every query of this floor works on it. Leases, such as the progress of a
    sweep, have their defaults.
    """
    engine = sa.create_engine("sqlite://")
    try:
        with engine.connect() as past:
            Row.metadata.create_all(past)
            with ledger.read() as conn:
                for name, rows in fold(conn, before=before).items():
                    _insert(past, TABLES[name], _tuples(TABLES[name], rows))
                _insert(past, ENTRIES, map(tuple, stream(conn, before=before)))
            yield past
    finally:
        engine.dispose()


def _tuples(table: sa.Table, rows: Rows) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of `table` as SQLite stores them: folded values, leases at their default.

    The key columns of every table come first.
    """
    names = [c.name for c in table.columns][len(table.primary_key) :]
    leases = {name: default_of(table.c[name]) for name in transient(table)}
    for key, row in rows.items():
        whole = row | leases
        yield (*(key if isinstance(key, tuple) else (key,)), *(_stored(whole[n]) for n in names))


def _insert(past: sa.Connection, table: sa.Table, rows: Iterable[tuple[Any, ...]]) -> None:
    """Insert `rows` unchanged: the column types would convert their values once more."""
    names = table.columns.keys()
    plain = sa.Table(table.name, sa.MetaData(), *(sa.Column(name) for name in names))
    rest = iter(rows)
    while some := list(islice(rest, CHUNK)):
        insert(past, plain, names=names, rows=some)


def _stored(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
