"""Row changes: collected in a batch, grouped by shape and written with one statement a group."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog.errors import ConflictError
from ledger.store import bulk_rows
from ledger.tables import TABLES, transient

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Key = str | int | tuple[str | int, ...]
DUPLICATES = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"}
KEYS_PER_QUERY = 1000  # SQLite takes 32,766 values, PostgreSQL 65,535


class Change(NamedTuple):
    """One row to insert or update.

    `key` is the primary key, a tuple where it has several columns. `expected` are the values the
    row must still have for an update to apply; the database checks them.
    """

    table: str
    key: Key
    values: Mapping[str, Any]
    op: Literal["insert", "update"] = "update"
    expected: Mapping[str, Any] | None = None


class _Shape(NamedTuple):
    """The shape of a group of changes: one statement writes them all."""

    table: str
    op: str
    names: tuple[str, ...]
    expected: tuple[str, ...]


class Batch:
    """Changes not yet written; two changes of one row stay in order."""

    def __init__(self, conn: sa.Connection, *, leases: bool) -> None:
        self._conn = conn
        self._leases = leases
        self._groups: dict[_Shape, list[tuple[Any, ...]]] = {}
        self._rows: dict[tuple[str, Key], _Shape] = {}

    def add(self, changes: Iterable[Change]) -> None:
        """Add `changes`; an earlier change of a row in another group is written first."""
        for change in changes:
            table, key, values, op, expected = change
            shape = _Shape(table, op, tuple(values), tuple(expected) if expected else ())
            if self._rows.setdefault((table, key), shape) is not shape:
                self._flush_other(table, key, shape)
            group = self._groups.get(shape)
            if group is None:
                _check(shape, leases=self._leases)
                group = self._groups[shape] = []
            group.append(_row(change))

    def flush(self) -> None:
        """Write all changes; raise ConflictError where the database refuses one."""
        for shape, rows in self._groups.items():
            _write(self._conn, shape, rows)
        self._groups.clear()
        self._rows.clear()

    def _flush_other(self, table: str, key: Key, shape: _Shape) -> None:
        if self._rows[table, key] != shape:
            self.flush()
            self._rows[table, key] = shape


def present(conn: sa.Connection, table: str, keys: Iterable[Key]) -> set[Key]:
    """Return those of `keys` that are in `table`."""
    columns = list(TABLES[table].primary_key)
    single = len(columns) == 1
    primary_key = columns[0] if single else sa.tuple_(*columns)
    existing: set[Key] = set()
    rest = iter(keys)
    while some := list(islice(rest, KEYS_PER_QUERY)):
        rows = conn.execute(sa.select(*columns).where(primary_key.in_(some)))
        existing.update(row[0] if single else tuple(row) for row in rows)
    return existing


def _row(change: Change) -> tuple[Any, ...]:
    """Return the values in the order of the statement that `_write` runs for this shape."""
    _, key, values, op, expected = change
    keys = key if isinstance(key, tuple) else (key,)
    if op == "insert":
        return (*keys, *values.values())
    return (*values.values(), *keys, *(expected or {}).values())


def _check(shape: _Shape, *, leases: bool) -> None:
    """Raise ValueError for a lease recorded as a fact, or a fact written without an entry."""
    table = TABLES[shape.table]
    unknown = {*shape.names, *shape.expected} - set(table.c.keys())
    wrong = [c for c in shape.names if (c in transient(table)) is not leases]
    if unknown or wrong or shape.table == "entries":
        kind = "leases" if leases else "facts"
        raise ValueError(f"{shape.table}: {sorted({*unknown, *wrong})} cannot be written as {kind}")


def _write(conn: sa.Connection, shape: _Shape, rows: list[tuple[Any, ...]]) -> None:
    try:
        count = _execute(conn, shape, rows)
    except IntegrityError as error:
        raise refusal(error, table=shape.table) from error
    if lost := len(rows) - count:
        raise ConflictError("row-changed", table=shape.table, lost=lost, asked=len(rows))


def _execute(conn: sa.Connection, shape: _Shape, rows: list[tuple[Any, ...]]) -> int:
    table = TABLES[shape.table]
    if shape.op == "update":
        return bulk_rows.update(conn, table, names=shape.names, expected=shape.expected, rows=rows)
    keys = [column.name for column in table.primary_key]
    bulk_rows.insert(conn, table, names=(*keys, *shape.names), rows=rows)
    return len(rows)


def refusal(error: IntegrityError, *, table: str) -> ConflictError:
    """Return `error` as a conflict: a row that exists already, or a broken reference."""
    code = getattr(error.orig, "sqlite_errorname", getattr(error.orig, "sqlstate", None))
    key = "row-exists" if code in DUPLICATES else "row-refused"
    return ConflictError(key, table=table, reason=str(error.orig).splitlines()[0])
