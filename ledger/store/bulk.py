"""How many rows of one shape go to the database: one statement, and no work a row in Python.

SQLAlchemy's own executemany spends as much on each row's parameters as SQLite does on the row.
Here the values go by column: a sweep writes thousands of rows of a handful of days.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Values = Iterable[Any]

WORTH_A_COPY = 10  # rows from which PostgreSQL's COPY is quicker than as many inserts


def insert(
    conn: sa.Connection, table: sa.Table, *, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert `rows`, whose values follow `names`; columns not named get their default."""
    spare = [c for c in table.columns if c.name not in names and c.default is not None]
    columns = [table.c[name] for name in names] + spare
    quote, mark = _spelling(conn)
    listed = ", ".join(quote(c.name) for c in columns)
    marks = ", ".join([mark] * len(columns))
    defaults = [repeat(default_of(column), len(rows)) for column in spare]
    given = list(zip(columns, [*zip(*rows, strict=True), *defaults], strict=True))
    if conn.dialect.name == "postgresql" and len(rows) >= WORTH_A_COPY:
        _copy(conn, f"COPY {quote(table.name)} ({listed}) FROM STDIN", given)
    else:
        _run(conn, f"INSERT INTO {quote(table.name)} ({listed}) VALUES ({marks})", given)  # noqa: S608


def update(
    conn: sa.Connection,
    table: sa.Table,
    *,
    names: Sequence[str],
    given: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> int:
    """Update `rows`: the values of `names`, then of the key, then of `given`; count those met.

    A row is met when it has the key and still the values of `given`.
    """
    quote, mark = _spelling(conn)
    same = "IS" if conn.dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    keys = [column.name for column in table.primary_key]
    sets = ", ".join(f"{quote(name)} = {mark}" for name in names)
    tests = [f"{quote(name)} = {mark}" for name in keys]
    tests += [f"{quote(name)} {same} {mark}" for name in given]
    columns = [table.c[name] for name in (*names, *keys, *given)]
    return _run(
        conn,
        f"UPDATE {quote(table.name)} SET {sets} WHERE {' AND '.join(tests)}",  # noqa: S608
        list(zip(columns, zip(*rows, strict=True), strict=True)),
    )


def default_of(column: sa.Column[Any]) -> Any:
    """Return the value of a row that does not name `column`."""
    return column.default.arg if isinstance(column.default, sa.ColumnDefault) else None


def _spelling(conn: sa.Connection) -> tuple[Any, str]:
    mark = "?" if conn.dialect.paramstyle == "qmark" else "%s"
    return conn.dialect.identifier_preparer.quote, mark


def _run(conn: sa.Connection, sql: str, columns: list[tuple[sa.Column[Any], Values]]) -> int:
    kept = [_kept(conn, column, values) for column, values in columns]
    return conn.exec_driver_sql(sql, list(zip(*kept, strict=True))).rowcount


def _copy(conn: sa.Connection, sql: str, columns: list[tuple[sa.Column[Any], Values]]) -> None:
    """Send the rows as one stream; what the driver refuses is told as SQLAlchemy would."""
    kept = [_kept(conn, column, values) for column, values in columns]
    error = conn.dialect.loaded_dbapi.Error
    try:
        cursor: Any = conn.connection.cursor()
        with cursor, cursor.copy(sql) as stream:
            for row in zip(*kept, strict=True):
                stream.write_row(row)
    except error as refused:
        raise DBAPIError.instance(sql, None, refused, error) from refused


def _kept(conn: sa.Connection, column: sa.Column[Any], values: Values) -> Values:
    """Return `values` as the driver takes them; each different one is converted once."""
    convert = column.type.dialect_impl(conn.dialect).bind_processor(conn.dialect)
    if convert is None:
        return values
    values = tuple(values)
    known = {value: convert(value) for value in set(values)}
    return map(known.__getitem__, values)
