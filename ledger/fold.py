"""What the history says the ledger is: replaying its changes, and where the tables differ."""

from __future__ import annotations

import json
import marshal
from contextlib import ExitStack
from datetime import date
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Self
from zlib import crc32

import sqlalchemy as sa

from ledger.bulk import default_of
from ledger.history import CHUNK, Fault, entries, head, stream
from ledger.tables import RECORDED, TABLES, Names, transient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from ledger.changes import Key

    Told = tuple[str, Key, dict[str, Any]]  # a row, or what was changed of it

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


def differences(conn: sa.Connection) -> Iterator[Fault]:
    """Yield every row that is not what the history says; leases are no facts and left out."""
    with Folding(head(conn).entries) as folding:
        for row in stream(conn):
            folding.take(row.payload)
        yield from folding.differences(conn)


class Folding:
    """A history being folded beside the tables, part by part, so that memory does not grow.

    What `take` is given is put away by key into as many parts as `entries` need, in files that
    nobody else sees; `differences` puts the rows beside it, and folds one part after the other.
    """

    def __init__(self, entries: int) -> None:
        count = min(entries // AT_ONCE + 1, MOST_PARTS)
        self._files = ExitStack()
        self._changes = [_Part(self._files) for _ in range(count)]
        self._rows = [_Part(self._files) for _ in range(count)]
        self._blanks = _blanks()
        self._held = 0
        self._strange = ""

    def take(self, payload: str) -> None:
        """Take the changes an entry tells, in the order of the history."""
        try:
            for table, key, values in json.loads(payload)["changes"]:
                _ = self._blanks[table], values.keys
                self._put(self._changes, (table, _key(key), values))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            self._strange = self._strange or repr(error)

    def differences(
        self, conn: sa.Connection, *, progress: Callable[[float], None] = lambda _: None
    ) -> Iterator[Fault]:
        """Yield where the tables are not what was taken; `progress` is told the share compared."""
        if self._strange:
            yield Fault(
                None, f"unreadable: an entry does not say what it changed ({self._strange})"
            )
            return
        for name in RECORDED:
            for key, row in _present(conn, TABLES[name]):
                self._put(self._rows, (name, key, row))
        for number, (changes, rows) in enumerate(zip(self._changes, self._rows, strict=True), 1):
            yield from self._compared(changes, rows)
            progress(number / len(self._changes))

    def _put(self, parts: list[_Part], told: Told) -> None:
        parts[crc32(str(told[1]).encode()) % len(parts)].waiting.append(told)
        self._held += 1
        if self._held > AT_ONCE:
            for part in (*self._changes, *self._rows):
                part.put_away()
            self._held = 0

    def _compared(self, changes: _Part, rows: _Part) -> Iterator[Fault]:
        told: dict[str, Rows] = {name: {} for name in RECORDED}
        for table, key, values in changes:
            _change(told[table], key, values, self._blanks[table])
        for name, key, row in rows:
            expected = told[name].pop(key, None)
            if expected is None:
                yield Fault(None, f"unrecorded: {name} {key}")
            elif row != expected:
                columns = ", ".join(c for c in row if row[c] != expected.get(c))
                yield Fault(None, f"differs: {name} {key} in {columns}")
        for name, lost in told.items():
            yield from (Fault(None, f"lost: {name} {key}") for key in lost)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._files.close()


class _Part:
    """Rows, or changes of rows, in their order: in a file, then those that wait for it."""

    def __init__(self, files: ExitStack) -> None:
        self.waiting: list[Told] = []
        self._files = files
        self._file: IO[bytes] | None = None

    def put_away(self) -> None:
        """Write what waits into the file."""
        if self._file is None:
            self._file = self._files.enter_context(TemporaryFile())  # noqa: SIM115
        marshal.dump(self.waiting, self._file)
        self.waiting.clear()

    def __iter__(self) -> Iterator[Told]:
        if self._file is not None:
            end = self._file.tell()
            self._file.seek(0)
            while self._file.tell() < end:
                yield from marshal.load(self._file)  # noqa: S302  nobody else has the file
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
