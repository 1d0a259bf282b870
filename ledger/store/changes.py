"""How changes of rows are written: gathered, grouped, and one executemany a group."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog.errors import ConflictError
from ledger.store import bulk
from ledger.tables import TABLES, transient

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Key = str | int | tuple[str | int, ...]
DOUBLES = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"}
ASK_AT_ONCE = 1000  # keys in one question; SQLite takes 32,766 values, PostgreSQL 65,535


class Change(NamedTuple):
    """One row made or changed.

    `key` is the primary key, a tuple where it has several columns. `given` are values the row
    must still have for an update to be right; the database looks, not the caller.
    """

    table: str
    key: Key
    values: Mapping[str, Any]
    op: Literal["insert", "update"] = "update"
    given: Mapping[str, Any] | None = None


class _Shape(NamedTuple):
    """What the changes of one group have in common: one statement serves them all."""

    table: str
    op: str
    names: tuple[str, ...]
    given: tuple[str, ...]


class Batch:
    """Changes not yet written; the order of two changes of one row is kept."""

    def __init__(self, conn: sa.Connection, *, leases: bool) -> None:
        self._conn = conn
        self._leases = leases
        self._groups: dict[_Shape, list[tuple[Any, ...]]] = {}
        self._rows: dict[tuple[str, Key], _Shape] = {}

    def add(self, changes: Iterable[Change]) -> None:
        """Take `changes`; a row already waiting in another group has that written first."""
        for change in changes:
            table, key, values, op, given = change
            shape = _Shape(table, op, tuple(values), tuple(given) if given else ())
            if self._rows.setdefault((table, key), shape) is not shape:
                self._settle(table, key, shape)
            group = self._groups.get(shape)
            if group is None:
                _check(shape, leases=self._leases)
                group = self._groups[shape] = []
            group.append(_row(change))

    def flush(self) -> None:
        """Write what waits; raises ConflictError where the database refuses."""
        for shape, rows in self._groups.items():
            _write(self._conn, shape, rows)
        self._groups.clear()
        self._rows.clear()

    def _settle(self, table: str, key: Key, shape: _Shape) -> None:
        if self._rows[table, key] != shape:
            self.flush()
            self._rows[table, key] = shape


def present(conn: sa.Connection, table: str, keys: Iterable[Key]) -> set[Key]:
    """Return those of `keys` that `table` holds."""
    columns = list(TABLES[table].primary_key)
    single = len(columns) == 1
    place = columns[0] if single else sa.tuple_(*columns)
    found: set[Key] = set()
    rest = iter(keys)
    while some := list(islice(rest, ASK_AT_ONCE)):
        rows = conn.execute(sa.select(*columns).where(place.in_(some)))
        found.update(row[0] if single else tuple(row) for row in rows)
    return found


def _row(change: Change) -> tuple[Any, ...]:
    """Return the values in the order of the statement `_write` makes for this shape."""
    _, key, values, op, given = change
    keys = key if isinstance(key, tuple) else (key,)
    if op == "insert":
        return (*keys, *values.values())
    return (*values.values(), *keys, *given.values()) if given else (*values.values(), *keys)


def _check(shape: _Shape, *, leases: bool) -> None:
    """Refuse a defect: a lease recorded as a fact, or a fact written without an entry."""
    table = TABLES[shape.table]
    unknown = {*shape.names, *shape.given} - set(table.c.keys())
    wrong = [c for c in shape.names if (c in transient(table)) is not leases]
    if unknown or wrong or shape.table == "entries":
        raise ValueError(f"{shape.table}: {sorted({*unknown, *wrong})} cannot be written like this")


def _write(conn: sa.Connection, shape: _Shape, rows: list[tuple[Any, ...]]) -> None:
    try:
        met = _met(conn, shape, rows)
    except IntegrityError as error:
        raise refusal(error, table=shape.table) from error
    if met != len(rows):
        raise ConflictError("row-changed", table=shape.table, lost=len(rows) - met, asked=len(rows))


def _met(conn: sa.Connection, shape: _Shape, rows: list[tuple[Any, ...]]) -> int:
    table = TABLES[shape.table]
    if shape.op == "update":
        return bulk.update(conn, table, names=shape.names, given=shape.given, rows=rows)
    keys = [column.name for column in table.primary_key]
    bulk.insert(conn, table, names=(*keys, *shape.names), rows=rows)
    return len(rows)


def refusal(error: IntegrityError, *, table: str) -> ConflictError:
    """Return what the database meant: a row that is there already, or a broken reference."""
    code = getattr(error.orig, "sqlite_errorname", getattr(error.orig, "sqlstate", None))
    key = "row-exists" if code in DOUBLES else "row-refused"
    return ConflictError(key, table=table, reason=str(error.orig).splitlines()[0])
