"""Bulk writes: many rows of one shape in one statement, converted column by column.

SQLAlchemy's executemany spends as much time on each row's parameters as SQLite does on the row.
A sweep writes thousands of rows that share a handful of dates, so each value is converted once.
"""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Values = Iterable[Any]

COPY_FROM = 10  # rows from which PostgreSQL's COPY is faster than as many inserts


def insert(
    conn: sa.Connection, table: sa.Table, *, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """Insert `rows`, whose values follow `names`; other columns get their default."""
    others = [c for c in table.columns if c.name not in names and c.default is not None]
    columns = [table.c[name] for name in names] + others
    quote, mark = _spelling(conn)
    target = f"{quote(table.name)} ({', '.join(quote(c.name) for c in columns)})"
    defaults = [repeat(default_of(column), len(rows)) for column in others]
    values = list(zip(columns, [*zip(*rows, strict=True), *defaults], strict=True))
    if conn.dialect.name == "postgresql" and len(rows) >= COPY_FROM:
        _copy(conn, f"COPY {target} FROM STDIN", values)
    else:
        marks = ", ".join([mark] * len(columns))
        _run(conn, f"INSERT INTO {target} VALUES ({marks})", values)  # noqa: S608  quoted names


def update(
    conn: sa.Connection,
    table: sa.Table,
    *,
    names: Sequence[str],
    expected: Sequence[str],
    rows: Sequence[tuple[Any, ...]],
) -> int:
    """Update rows and return how many matched.

    Each of `rows` has the new values of `names`, then the key, then the values that the columns
    `expected` must still have for the row to match.
    """
    quote, mark = _spelling(conn)
    same = "IS" if conn.dialect.name == "sqlite" else "IS NOT DISTINCT FROM"
    keys = [column.name for column in table.primary_key]
    sets = ", ".join(f"{quote(name)} = {mark}" for name in names)
    tests = [f"{quote(name)} = {mark}" for name in keys]
    tests += [f"{quote(name)} {same} {mark}" for name in expected]
    columns = [table.c[name] for name in (*names, *keys, *expected)]
    return _run(
        conn,
        f"UPDATE {quote(table.name)} SET {sets} WHERE {' AND '.join(tests)}",  # noqa: S608  names
        list(zip(columns, zip(*rows, strict=True), strict=True)),
    )


def default_of(column: sa.Column[Any]) -> Any:
    """Return the value that `column` gets in a row inserted without it."""
    return column.default.arg if isinstance(column.default, sa.ColumnDefault) else None


def _spelling(conn: sa.Connection) -> tuple[Any, str]:
    mark = "?" if conn.dialect.paramstyle == "qmark" else "%s"
    return conn.dialect.identifier_preparer.quote, mark


def _run(conn: sa.Connection, sql: str, columns: list[tuple[sa.Column[Any], Values]]) -> int:
    parameters = [_parameters(conn, column, values) for column, values in columns]
    return conn.exec_driver_sql(sql, list(zip(*parameters, strict=True))).rowcount


def _copy(conn: sa.Connection, sql: str, columns: list[tuple[sa.Column[Any], Values]]) -> None:
    """Send the rows as one stream; a driver error is raised as SQLAlchemy's."""
    parameters = [_parameters(conn, column, values) for column, values in columns]
    driver_error = conn.dialect.loaded_dbapi.Error
    try:
        cursor: Any = conn.connection.cursor()
        with cursor, cursor.copy(sql) as stream:
            for row in zip(*parameters, strict=True):
                stream.write_row(row)
    except driver_error as error:
        raise DBAPIError.instance(sql, None, error, driver_error) from error


def _parameters(conn: sa.Connection, column: sa.Column[Any], values: Values) -> Values:
    """Return `values` as the driver takes them; each distinct value is converted once."""
    convert = column.type.dialect_impl(conn.dialect).bind_processor(conn.dialect)
    if convert is None:
        return values
    values = tuple(values)
    converted = {value: convert(value) for value in set(values)}
    return map(converted.__getitem__, values)
