"""How changes of rows are written: gathered, grouped, and one executemany a group."""

from __future__ import annotations

import functools
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from catalog.errors import ConflictError
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
    columns: tuple[str, ...]
    given: tuple[str, ...]


class Batch:
    """Changes not yet written; the order of two changes of one row is kept."""

    def __init__(self, conn: sa.Connection, *, leases: bool) -> None:
        self._conn = conn
        self._leases = leases
        self._groups: dict[_Shape, list[dict[str, Any]]] = {}
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
            group.append(_parameters(change))

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


@functools.cache
def _keys(table: str) -> tuple[str, ...]:
    return tuple(column.name for column in TABLES[table].primary_key)


@functools.cache
def _statement(shape: _Shape) -> sa.Insert | sa.Update:
    table = TABLES[shape.table]
    if shape.op == "insert":
        return sa.insert(table)
    statement = sa.update(table)
    for name in _keys(shape.table):
        statement = statement.where(table.c[name] == sa.bindparam(f"at_{name}"))
    for name in shape.given:
        held = sa.bindparam(f"given_{name}", type_=table.c[name].type)
        statement = statement.where(table.c[name].is_not_distinct_from(held))
    return statement


def _parameters(change: Change) -> dict[str, Any]:
    table, key, values, op, given = change
    names = _keys(table)
    prefix = "" if op == "insert" else "at_"
    parts = key if isinstance(key, tuple) else (key,)
    row = {f"{prefix}{name}": part for name, part in zip(names, parts, strict=True)}
    row.update(values)
    if given:
        row.update((f"given_{name}", value) for name, value in given.items())
    return row


def _check(shape: _Shape, *, leases: bool) -> None:
    """Refuse a defect: a lease recorded as a fact, or a fact written without an entry."""
    table = TABLES[shape.table]
    unknown = {*shape.columns, *shape.given} - set(table.c.keys())
    wrong = [c for c in shape.columns if (c in transient(table)) is not leases]
    if unknown or wrong or shape.table == "entries":
        raise ValueError(f"{shape.table}: {sorted({*unknown, *wrong})} cannot be written like this")


def _write(conn: sa.Connection, shape: _Shape, rows: list[dict[str, Any]]) -> None:
    try:
        done = conn.execute(_statement(shape), rows)
    except IntegrityError as error:
        raise refusal(error, table=shape.table) from error
    if shape.op == "update" and done.rowcount != len(rows):
        raise ConflictError(
            "row-changed", table=shape.table, lost=len(rows) - done.rowcount, asked=len(rows)
        )


def refusal(error: IntegrityError, *, table: str) -> ConflictError:
    """Return what the database meant: a row that is there already, or a broken reference."""
    code = getattr(error.orig, "sqlite_errorname", getattr(error.orig, "sqlstate", None))
    key = "row-exists" if code in DOUBLES else "row-refused"
    return ConflictError(key, table=table, reason=str(error.orig))
