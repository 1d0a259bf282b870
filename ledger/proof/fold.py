"""Fold of the history: the ledger replayed from its changes, and compared with the tables."""

from __future__ import annotations

import json
import marshal
from contextlib import ExitStack
from datetime import date
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Generic, Self, TypeVar

import sqlalchemy as sa

from ledger.proof.chain import CHUNK, Fault, entries
from ledger.store.bulk_rows import default_of
from ledger.tables import RECORDED, TABLES, Names, transient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from ledger.store.changes import Key

    RowChange = tuple[str, Key, dict[str, Any]]  # table, key and new values
    RawRow = tuple[str, Key, Sequence[Any]]  # table, key and the values in column order

Rows = dict["Key", dict[str, Any]]

AT_ONCE = 20_000  # rows, or changes of rows, in memory: some 30 MB
MOST_PARTS = 100  # each has two open files


def fold(conn: sa.Connection, *, before: datetime | None = None) -> dict[str, Rows]:
    """Return `{table: {key: row}}` according to the entries, values as in JSON.

    `before` leaves out entries from that instant on. A column that no entry names has the default
    of its table, so a default never changes.
    """
    folded: dict[str, Rows] = {name: {} for name in RECORDED}
    blanks = _blanks()
    for entry in entries(conn, before=before):
        for table, key, values in entry.payload["changes"]:
            _change(folded[table], _key(key), values, blanks[table])
    return folded


class Folding:
    """Comparison of a history with the tables, part by part, in bounded memory.

    `take` divides the changes by key into parts, in temporary files; `differences` divides the
    rows in the same way and compares one part after the other.
    """

    def __init__(self, entries: int) -> None:
        count = min(entries // AT_ONCE + 1, MOST_PARTS)
        self._files = ExitStack()
        self._changes: list[_Part[RowChange]] = [_Part(self._files) for _ in range(count)]
        self._rows: list[_Part[RawRow]] = [_Part(self._files) for _ in range(count)]
        self._blanks = _blanks()
        self._in_memory = 0
        self._error = ""

    def take(self, payload: str) -> None:
        """Add the changes of an entry, in the order of the history."""
        parts = self._changes
        try:
            for table, json_key, values in json.loads(payload)["changes"]:
                key = _key(json_key)
                _ = self._blanks[table], values.keys  # raises for what is no change
                parts[hash(key) % len(parts)].buffer.append((table, key, values))
                self._in_memory += 1
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            self._error = self._error or repr(error)
        if self._in_memory > AT_ONCE:
            self._spill(parts)

    def differences(
        self, conn: sa.Connection, *, progress: Callable[[float], None] = lambda _: None
    ) -> Iterator[Fault]:
        """Yield where the tables differ from the history; `progress` gets the share compared."""
        if self._error:
            yield Fault(None, f"unreadable: an entry does not say what it changed ({self._error})")
            return
        parts = self._rows
        for name in RECORDED:
            for key, values in _present(conn, TABLES[name]):
                parts[hash(key) % len(parts)].buffer.append((name, key, values))
                self._in_memory += 1
                if self._in_memory > AT_ONCE:
                    self._spill(parts)
        differences: list[str] = []
        for number, (changes, rows) in enumerate(zip(self._changes, parts, strict=True), 1):
            differences += self._compare(changes, rows)
            progress(number / len(parts))
        yield from (Fault(None, what) for what in sorted(differences))

    def _spill(self, parts: Sequence[_Part[Any]]) -> None:
        for part in parts:
            part.spill()
        self._in_memory = 0

    def _compare(self, changes: _Part[RowChange], rows: _Part[RawRow]) -> Iterator[str]:
        folded: dict[str, Rows] = {name: {} for name in RECORDED}
        for table, key, values in changes:
            _change(folded[table], key, values, self._blanks[table])
        for name, key, stored in rows:
            expected = folded[name].pop(key, None)
            if expected is None:
                yield f"unrecorded: {name} {key}"
            elif [*expected.values()] != stored:
                row = zip(self._blanks[name], stored, strict=True)
                columns = ", ".join(c for c, value in row if value != expected[c])
                yield f"differs: {name} {key} in {columns}"
        for name, lost in folded.items():
            yield from (f"lost: {name} {key}" for key in lost)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()


T = TypeVar("T")


class _Part(Generic[T]):
    """Rows, or changes of rows, in order: first those in a file, then those in `buffer`."""

    def __init__(self, files: ExitStack) -> None:
        self.buffer: list[T] = []
        self._files = files
        self._file: IO[bytes] | None = None
        self._sizes: list[int] = []

    def spill(self) -> None:
        """Move the buffer to the file."""
        if self._file is None:
            self._file = self._files.enter_context(TemporaryFile())  # noqa: SIM115  `_files` closes
        self._sizes.append(self._file.write(marshal.dumps(self.buffer)))
        self.buffer.clear()

    def __iter__(self) -> Iterator[T]:
        if self._file is not None:
            self._file.seek(0)
            for size in self._sizes:
                yield from marshal.loads(self._file.read(size))  # noqa: S302  our own file
        yield from self.buffer


def _change(rows: Rows, key: Key, values: dict[str, Any], blank: dict[str, Any]) -> None:
    row = rows.get(key)
    if row is None:
        row = rows[key] = dict(blank)
    row.update(values)


def _key(json_key: Any) -> Key:
    return tuple(json_key) if isinstance(json_key, list) else json_key


def _columns(table: sa.Table) -> list[sa.Column[Any]]:
    keys = set(table.primary_key)
    return [c for c in table.columns if c not in keys and c.name not in transient(table)]


def _blanks() -> dict[str, dict[str, Any]]:
    return {name: {c.name: _default(c) for c in _columns(TABLES[name])} for name in RECORDED}


def _default(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, Names):
        return []
    return default_of(column)


def _present(conn: sa.Connection, table: sa.Table) -> Iterator[tuple[Key, list[Any]]]:
    """Stream the rows of `table` with values as in JSON, without the column types' conversion."""
    keys, columns = list(table.primary_key), _columns(table)
    lists = [n for n, c in enumerate(columns) if isinstance(c.type, Names)]
    raw = [sa.type_coerce(c, sa.types.NullType()).label(c.name) for c in (*columns, *keys)]
    plain = conn.dialect.name == "sqlite"  # it has no date type
    for record in conn.execute(sa.select(*raw), execution_options={"yield_per": CHUNK}):
        values = list(record) if plain else [_plain(value) for value in record]
        for n in lists:
            values[n] = _list(values[n])
        *row, key = (
            values if len(keys) == 1 else (*values[: len(columns)], tuple(values[len(columns) :]))
        )
        yield key, row


def _list(text: Any) -> Any:
    """Return the list in a column's text; a value that is no JSON is returned as it is."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return text


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
