"""What the history says the ledger is: replaying its changes, and where the tables differ."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.bulk import default_of
from ledger.history import CHUNK, Fault, entries
from ledger.tables import RECORDED, TABLES, Names, transient

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ledger.changes import Key

Rows = dict["Key", dict[str, Any]]


def fold(conn: sa.Connection, *, before: datetime | None = None) -> dict[str, Rows]:
    """Return `{table: {key: row}}` as the entries tell it, values as JSON has them.

    `before` leaves out what was recorded from that instant on. A column no entry names has the
    default of `tables.py`, so a default never changes.
    """
    folded: dict[str, Rows] = {name: {} for name in RECORDED}
    blanks = {name: _blank(TABLES[name]) for name in RECORDED}
    for entry in entries(conn, before=before):
        for table, told_key, values in entry.payload["changes"]:
            key = tuple(told_key) if isinstance(told_key, list) else told_key
            row = folded[table].get(key)
            if row is None:
                row = folded[table][key] = dict(blanks[table])
            row.update(values)
    return folded


def differences(conn: sa.Connection) -> Iterator[Fault]:
    """Yield every row that is not what the history says; leases are no facts and left out."""
    try:
        folded = fold(conn)
    except (ValueError, KeyError, TypeError) as error:
        yield Fault(None, f"unreadable: an entry does not say what it changed ({error!r})")
        return
    for name, told in folded.items():
        for key, row in _present(conn, TABLES[name]):
            expected = told.pop(key, None)
            if expected is None:
                yield Fault(None, f"unrecorded: {name} {key}")
            elif row != expected:
                columns = ", ".join(c for c in row if row[c] != expected.get(c))
                yield Fault(None, f"differs: {name} {key} in {columns}")
        yield from (Fault(None, f"lost: {name} {key}") for key in told)


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    keys = set(table.primary_key)
    return [c for c in table.columns if c not in keys and c.name not in transient(table)]


def _blank(table: sa.Table) -> dict[str, Any]:
    return {c.name: _default(c) for c in _columns(table)}


def _default(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, Names):
        return []
    return default_of(column)


def _present(conn: sa.Connection, table: sa.Table) -> Iterator[tuple[Key, dict[str, Any]]]:
    """Stream the rows of `table` as JSON would have them, untouched by the column types."""
    keys, columns = list(table.primary_key), _columns(table)
    lists = [c.name for c in columns if isinstance(c.type, Names)]
    raw = [sa.type_coerce(c, sa.types.NullType()).label(c.name) for c in (*keys, *columns)]
    names = [c.name for c in columns]
    for found in conn.execute(sa.select(*raw), execution_options={"yield_per": CHUNK}):
        values = [v.isoformat() if isinstance(v, date) else v for v in found]
        key, row = values[: len(keys)], dict(zip(names, values[len(keys) :], strict=True))
        row.update((name, json.loads(row[name])) for name in lists)
        yield key[0] if len(keys) == 1 else tuple(key), row
