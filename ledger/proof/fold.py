"""What the history says the ledger is: replaying its changes, and where the tables differ."""

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

    Told = tuple[str, Key, dict[str, Any]]  # what was changed of a row
    Raw = tuple[str, Key, Sequence[Any]]  # the values of a row in the order of its columns

Rows = dict["Key", dict[str, Any]]

AT_ONCE = 20_000  # rows, or changes of rows, held in memory: some 30 MB
MOST_PARTS = 100  # each has two files open


def fold(conn: sa.Connection, *, before: datetime | None = None) -> dict[str, Rows]:
    """Return `{table: {key: row}}` as the entries tell it, values as JSON has them.

    `before` leaves out what was recorded from that instant on. A column no entry names has the
    default of `tables.py`, so a default never changes.
    """
    folded: dict[str, Rows] = {name: {} for name in RECORDED}
    blanks = _blanks()
    for entry in entries(conn, before=before):
        for table, key, values in entry.payload["changes"]:
            _change(folded[table], _key(key), values, blanks[table])
    return folded


class Folding:
    """A history being folded beside the tables, part by part, so that memory does not grow.

    What `take` is given is put away by key into as many parts as `entries` need, in files that
    nobody else sees; `differences` puts the rows beside it, and folds one part after the other.
    """

    def __init__(self, entries: int) -> None:
        count = min(entries // AT_ONCE + 1, MOST_PARTS)
        self._files = ExitStack()
        self._changes: list[_Part[Told]] = [_Part(self._files) for _ in range(count)]
        self._rows: list[_Part[Raw]] = [_Part(self._files) for _ in range(count)]
        self._blanks = _blanks()
        self._held = 0
        self._strange = ""

    def take(self, payload: str) -> None:
        """Take the changes an entry tells, in the order of the history."""
        parts = self._changes
        try:
            for table, told, values in json.loads(payload)["changes"]:
                key = _key(told)
                _ = self._blanks[table], values.keys  # what is no change is found here
                parts[hash(key) % len(parts)].waiting.append((table, key, values))
                self._held += 1
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            self._strange = self._strange or repr(error)
        if self._held > AT_ONCE:
            self._put_away(parts)

    def differences(
        self, conn: sa.Connection, *, progress: Callable[[float], None] = lambda _: None
    ) -> Iterator[Fault]:
        """Yield where the tables are not what was taken; `progress` is told the share compared."""
        if self._strange:
            yield Fault(
                None, f"unreadable: an entry does not say what it changed ({self._strange})"
            )
            return
        parts = self._rows
        for name in RECORDED:
            for key, values in _present(conn, TABLES[name]):
                parts[hash(key) % len(parts)].waiting.append((name, key, values))
                self._held += 1
                if self._held > AT_ONCE:
                    self._put_away(parts)
        found: list[str] = []
        for number, (changes, rows) in enumerate(zip(self._changes, parts, strict=True), 1):
            found += self._compared(changes, rows)
            progress(number / len(parts))
        yield from (Fault(None, what) for what in sorted(found))

    def _put_away(self, parts: Sequence[_Part[Any]]) -> None:
        for part in parts:
            part.put_away()
        self._held = 0

    def _compared(self, changes: _Part[Told], rows: _Part[Raw]) -> Iterator[str]:
        told: dict[str, Rows] = {name: {} for name in RECORDED}
        for table, key, values in changes:
            _change(told[table], key, values, self._blanks[table])
        for name, key, found in rows:
            expected = told[name].pop(key, None)
            if expected is None:
                yield f"unrecorded: {name} {key}"
            elif [*expected.values()] != found:
                row = zip(self._blanks[name], found, strict=True)
                columns = ", ".join(c for c, value in row if value != expected[c])
                yield f"differs: {name} {key} in {columns}"
        for name, lost in told.items():
            yield from (f"lost: {name} {key}" for key in lost)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()


T = TypeVar("T")


class _Part(Generic[T]):
    """Rows, or changes of rows, in their order: in a file, then those that wait for it."""

    def __init__(self, files: ExitStack) -> None:
        self.waiting: list[T] = []
        self._files = files
        self._file: IO[bytes] | None = None
        self._sizes: list[int] = []

    def put_away(self) -> None:
        """Write what waits into the file."""
        if self._file is None:
            self._file = self._files.enter_context(TemporaryFile())  # noqa: SIM115
        self._sizes.append(self._file.write(marshal.dumps(self.waiting)))
        self.waiting.clear()

    def __iter__(self) -> Iterator[T]:
        if self._file is not None:
            self._file.seek(0)
            for size in self._sizes:
                yield from marshal.loads(self._file.read(size))  # noqa: S302  nobody else has it
        yield from self.waiting


def _change(rows: Rows, key: Key, values: dict[str, Any], blank: dict[str, Any]) -> None:
    row = rows.get(key)
    if row is None:
        row = rows[key] = dict(blank)
    row.update(values)


def _key(told: Any) -> Key:
    return tuple(told) if isinstance(told, list) else told


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
    """Stream the rows of `table` as JSON would have them, untouched by the column types."""
    keys, columns = list(table.primary_key), _columns(table)
    lists = [n for n, c in enumerate(columns) if isinstance(c.type, Names)]
    raw = [sa.type_coerce(c, sa.types.NullType()).label(c.name) for c in (*columns, *keys)]
    plain = conn.dialect.name == "sqlite"  # it has no dates of its own
    for found in conn.execute(sa.select(*raw), execution_options={"yield_per": CHUNK}):
        values = list(found) if plain else [_plain(value) for value in found]
        for n in lists:
            values[n] = _list(values[n])
        *row, key = (
            values if len(keys) == 1 else (*values[: len(columns)], tuple(values[len(columns) :]))
        )
        yield key, row


def _list(kept: Any) -> Any:
    """Return the list a column keeps; what somebody has put there instead stays as it is."""
    try:
        return json.loads(kept)
    except (ValueError, TypeError, RecursionError):
        return kept


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
