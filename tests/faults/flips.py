"""Flips: every column of every table changed behind the ledger's back, and a verification each.

The tables and columns are those of the metadata, so a new one is flipped too. What goes unnoticed
needs a reason in `unnoticed.toml`. `python -m tests.faults.flips` flips more rows than the suite
does, and writes the table of docs/faults.md.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ledger.tables import TABLES, Instant, Names
from tests import docs_table
from tests.databases import OnSqlite, tamper
from tests.faults.flipped_home import live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.session import Ledger

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "faults.md"
COLUMNS = ("table", "tried", "noticed", "unnoticed", "why")
DAY, FAR = dt.timedelta(days=1), dt.timedelta(days=400)
ROW = "(row)"  # in place of a column: a row deleted or added


class Flip(NamedTuple):
    """One change by SQL: the column, and what became of its value."""

    table: str
    column: str
    way: str
    do: sa.Executable


class Outcome(NamedTuple):
    """A flip, and whether the verification or the database itself noticed it."""

    flip: Flip
    noticed: bool


def flip_all(
    ledger: Ledger,
    is_noticed: Callable[[sa.Connection], bool],
    *,
    rows: int = 1,
    only: Callable[[Flip], bool] = lambda _: True,
) -> Iterator[Outcome]:
    """Yield the outcome of every flip, each in a transaction of its own that is rolled back.

    `rows` is how many rows with a value, and how many without, each column is flipped in.
    """
    with ledger.engine.connect() as conn:
        conn.execution_options(duban_writes=True)
        tamper(conn)
        assert not is_noticed(conn), "it is noticed before anything was flipped"
        for table in TABLES.values():
            for flip in [*_of_columns(conn, table, rows), *_of_rows(conn, table)]:
                if only(flip):
                    yield Outcome(flip, _try(conn, flip, is_noticed))
        conn.rollback()


def reasons() -> dict[str, str]:
    """Return why a flip may go unnoticed: by `table.column`, by `table.*`, with the way or not."""
    text = (HERE / "unnoticed.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return {
        f"{t}.{column}": why for t, columns in tables.items() for column, why in columns.items()
    }


def reason(flip: Flip, known: dict[str, str]) -> str | None:
    """Return why this flip may go unnoticed, None where it may not."""
    names = (f"{flip.table}.{flip.column} {flip.way}", f"{flip.table}.{flip.column}")
    return next((known[n] for n in (*names, f"{flip.table}.*") if n in known), None)


def _try(conn: sa.Connection, flip: Flip, is_noticed: Callable[[sa.Connection], bool]) -> bool:
    with conn.begin_nested() as savepoint:
        try:
            count = conn.execute(flip.do).rowcount
        except DBAPIError:
            savepoint.rollback()
            return True
        assert count, flip
        noticed = is_noticed(conn)
        savepoint.rollback()
    return noticed


def _of_columns(conn: sa.Connection, table: sa.Table, rows: int) -> Iterator[Flip]:
    for column in table.columns:
        for row in _rows(conn, table, column, rows):
            one = [key == row._mapping[key.name] for key in table.primary_key]
            for way, value in _others(column, row._mapping[column.name]):
                change = sa.update(table).where(*one).values({column.name: value})
                yield Flip(table.name, column.name, way, change)


def _rows(
    conn: sa.Connection, table: sa.Table, column: sa.Column[Any], rows: int
) -> list[sa.Row[Any]]:
    """Return rows in which the column has a value, and rows in which it has none."""
    order = sa.select(table).order_by(*table.primary_key)
    both = [order.where(column.is_not(None)), order.where(column.is_(None))]
    found = [list(conn.execute(query)) for query in both]
    assert any(found), f"{table.name} has no row"
    return [row for some in found for row in some[:: max(1, len(some) // rows)][:rows]]


def _others(column: sa.Column[Any], value: Any) -> Iterator[tuple[str, Any]]:
    """Yield other values of the column, each with the way it is reached."""
    kind = column.type
    if isinstance(kind, sa.Date | Instant):
        is_day = isinstance(kind, sa.Date)
        base = value or (dt.date(2013, 9, 2) if is_day else dt.datetime(2013, 9, 2, tzinfo=dt.UTC))
        yield "ahead", base + 300 * FAR
        yield "back", base - FAR
        if value is not None:
            yield "a day later", base + DAY
            yield "a day earlier", base - DAY
    elif isinstance(kind, sa.Boolean):
        yield "other", not value
    elif isinstance(kind, sa.Integer):
        yield "other", (value or 0) + 1
    elif isinstance(kind, Names):
        yield "other", (*(value or ()), "x")
    else:
        yield "other", f"{value or ''}x"
    if column.nullable and value is not None:
        yield "empty", None


def _of_rows(conn: sa.Connection, table: sa.Table) -> Iterator[Flip]:
    first, *_ = conn.execute(sa.select(table).order_by(*table.primary_key))
    one = [key == first._mapping[key.name] for key in table.primary_key]
    yield Flip(table.name, ROW, "deleted", sa.delete(table).where(*one))
    unique = {c.name for c in table.primary_key}
    for constraint in table.constraints:
        if isinstance(constraint, sa.UniqueConstraint):
            unique |= {column.name for column in constraint.columns}
    values = dict(first._mapping)
    for name in unique:
        values[name] = next(_others(table.c[name], values[name]))[1]
    if table.name == "editions":  # one edition of a plan is in force
        values["in_force"] = False
    if table.name == "messages":
        values["form"] = "slip"
    yield Flip(table.name, ROW, "added", sa.insert(table).values(values))


def main() -> int:
    """Flip every column in several rows, print what was noticed, and write the table."""
    with (
        tempfile.TemporaryDirectory() as folder,
        OnSqlite().open(Path(folder) / "home") as ledger,
    ):
        outcomes = list(flip_all(ledger, live(ledger, Path(folder)), rows=4))
    known = reasons()
    by_table: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_table[outcome.flip.table].append(outcome)
    lines = [_line(name, some, known) for name, some in by_table.items()]
    docs_table.put_into(PAGE, "flips", COLUMNS, lines)
    tried = len({o.flip[:2] for o in outcomes if o.flip.column != ROW})
    unnoticed = [o.flip for o in outcomes if not o.noticed]
    columns = len({flip[:2] for flip in unnoticed if flip.column != ROW})
    unexplained = sum(reason(flip, known) is None for flip in unnoticed)
    sys.stdout.write(
        f"{tried} columns tried in {len(outcomes)} flips: {len(outcomes) - len(unnoticed)} noticed,"
        f" {len(unnoticed)} unnoticed (in {columns} columns), {unexplained} without a reason\n"
    )
    return 1 if unexplained else 0


def _line(name: str, outcomes: list[Outcome], known: dict[str, str]) -> tuple[str, ...]:
    unnoticed = [o.flip for o in outcomes if not o.noticed]
    columns = sorted({f"`{f.column}` {f.way}" for f in unnoticed})
    if len({f.column for f in unnoticed}) == len(TABLES[name].columns) + 1:
        columns = ["all"]
    why = sorted({reason(flip, known) or "NO REASON" for flip in unnoticed})
    tried, noticed = len(outcomes), len(outcomes) - len(unnoticed)
    cells = (name, f"{tried}", f"{noticed}")
    return (*cells, ", ".join(columns) or "–", " ".join(why) or "–")


if __name__ == "__main__":
    sys.exit(main())
