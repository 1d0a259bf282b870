"""Fold of the history: the ledger replayed from its changes, and compared with the tables."""

from __future__ import annotations

import json
import marshal
from contextlib import ExitStack
from datetime import date
from functools import cache
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Generic, Self, TypeVar

import sqlalchemy as sa

from catalog.duties.deeds import WORDS
from ledger.proof import seals
from ledger.proof.chain import CHUNK, Fault, entries
from ledger.proof.derived import COLUMNS, Judge, Row
from ledger.proof.trails import NOTED, Trails, follow
from ledger.store.bulk_rows import default_of
from ledger.tables import RECORDED, TABLES, Names, transient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from ledger.proof.derived import Wrong
    from ledger.store.changes import Key

    RowChange = tuple[str, Key, dict[str, Any]]  # table, key and new values
    RawRow = tuple[str, Key, Sequence[Any], Sequence[Any]]  # table, key, facts, derived columns

Rows = dict["Key", dict[str, Any]]

TRAIL = ""  # in place of a table: a change is the steps of a trail
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
        for table, key, values in _changes(entry.at, entry.deed, entry.subject, entry.payload):
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
        self._trails = Trails()
        self._seals: seals.Seals = {}
        self._in_memory = 0
        self._error = ""
        self.wrong: list[Wrong] = []

    def take(self, entry: sa.Row[Any]) -> None:
        """Add the changes of an entry, in the order of the history."""
        _, at, _, deed, subject, text, *_ = entry
        parts = self._changes
        of_duties = False
        try:
            payload = json.loads(text)
            for table, json_key, values in _changes(at, deed, subject, payload):
                key = _key(json_key)
                _ = self._blanks[table], values.keys  # raises for what is no change
                parts[hash(key) % len(parts)].buffer.append((table, key, values))
                self._in_memory += 1
                of_duties = of_duties or table == "duties"
            self._follow(at, deed, subject, payload, of_duties=of_duties)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            self._error = self._error or repr(error)
        if self._in_memory > AT_ONCE:
            self._spill(parts)

    def _follow(self, at: str, deed: str, subject: str, payload: Any, *, of_duties: bool) -> None:
        """Add what an entry tells of derived columns and seals; most tell nothing."""
        if seals.FIELD in payload:
            seals.take(self._seals, payload)
        if of_duties or deed in NOTED:
            parts = self._changes
            for key, steps in self._trails.take(at, deed, subject, payload):
                parts[hash(key) % len(parts)].buffer.append((TRAIL, key, steps))
                self._in_memory += 1
        else:
            self._trails.pass_by(at, payload)

    def differences(
        self,
        conn: sa.Connection,
        *,
        at: datetime | None = None,
        progress: Callable[[float], None] = lambda _: None,
    ) -> Iterator[Fault]:
        """Yield where the tables differ from the history, and derived columns from what it tells.

        `at` is the present instant, where it is known; `progress` gets the share compared.
        """
        if self._error:
            yield Fault(None, f"unreadable: an entry does not say what it changed ({self._error})")
            return
        parts = self._rows
        for name in RECORDED:
            for key, values, derived in present(conn, TABLES[name]):
                parts[hash(key) % len(parts)].buffer.append((name, key, values, derived))
                self._in_memory += 1
                if self._in_memory > AT_ONCE:
                    self._spill(parts)
        judge = Judge(conn, self._trails, at)
        differences: list[str] = []
        for number, (changes, rows) in enumerate(zip(self._changes, parts, strict=True), 1):
            differences += self._compare(changes, rows, judge)
            progress(number / len(parts))
        self.wrong += [*judge.editions(), *judge.homes(conn)]
        differences += map(str, self.wrong)
        yield from (Fault(None, what) for what in sorted(differences))
        yield from seals.faults(conn, self._seals)

    def _spill(self, parts: Sequence[_Part[Any]]) -> None:
        for part in parts:
            part.spill()
        self._in_memory = 0

    def _compare(
        self, changes: _Part[RowChange], rows: _Part[RawRow], judge: Judge
    ) -> Iterator[str]:
        folded: dict[str, Rows] = {name: {} for name in RECORDED}
        trails: dict[Key, dict[str, Any]] = {}
        for table, key, values in changes:
            if table == TRAIL:
                follow(trails.setdefault(key, {}), values)
                continue
            _change(folded[table], key, values, self._blanks[table])
            if table == "preparations":
                trails.setdefault(key, {})["prepared"] = True
        for name, key, stored, derived in rows:
            expected = folded[name].pop(key, None)
            if expected is None:
                yield f"unrecorded: {name} {key}"
                continue
            if [*expected.values()] != stored:
                pairs = zip(self._blanks[name], stored, strict=True)
                columns = ", ".join(c for c, value in pairs if value != expected[c])
                yield f"differs: {name} {key} in {columns}"
            if derived:
                row = Row(derived, trails.get(key, {}))
                self.wrong += judge.row(name, key, expected, row)
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


def _changes(at: str, deed: str, subject: str, payload: Any) -> Iterator[tuple[str, Any, Any]]:
    """Yield the changes of an entry, and the day of a word, which older versions did not name."""
    yield from payload["changes"]
    if deed in WORDS:
        yield "duties", subject, {"spoken_on": payload.get("on") or at[:10]}


def _change(rows: Rows, key: Key, values: dict[str, Any], blank: dict[str, Any]) -> None:
    row = rows.get(key)
    if row is None:
        row = rows[key] = dict(blank)
    row.update(values)


def _key(json_key: Any) -> Key:
    return tuple(json_key) if isinstance(json_key, list) else json_key


def fact_columns(table: sa.Table) -> list[sa.Column[Any]]:
    """Return the columns of `table` that are recorded, but for the keys."""
    keys = set(table.primary_key)
    return [c for c in table.columns if c not in keys and c.name not in transient(table)]


def _blanks() -> dict[str, dict[str, Any]]:
    return {name: {c.name: _default(c) for c in fact_columns(TABLES[name])} for name in RECORDED}


def _default(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, Names):
        return []
    return default_of(column)


def present(
    conn: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]
) -> Iterator[tuple[Key, list[Any], list[Any]]]:
    """Stream the rows of `table`: key, facts and derived columns, with values as in JSON.

    Without the column types' conversion, and only the rows that meet `where`.
    """
    keys, facts = list(table.primary_key), fact_columns(table)
    lists = [n for n, c in enumerate(facts) if isinstance(c.type, Names)]
    plain = conn.dialect.name == "sqlite"  # it has no date type
    first, last = len(facts), len(facts) + len(COLUMNS.get(table.name, ()))
    for record in conn.execute(_raw(table).where(*where), execution_options={"yield_per": CHUNK}):
        values = list(record) if plain else [_plain(value) for value in record]
        for n in lists:
            values[n] = _list(values[n])
        key = values[last] if len(keys) == 1 else tuple(values[last:])
        yield key, values[:first], values[first:last]


@cache
def _raw(table: sa.Table) -> sa.Select[Any]:
    """Return the query of the rows: their facts, derived columns and keys, as they are stored."""
    derived = [table.c[name] for name in COLUMNS.get(table.name, ())]
    columns = (*fact_columns(table), *derived, *table.primary_key)
    raw = [sa.type_coerce(column, sa.types.NullType()).label(column.name) for column in columns]
    return sa.select(*raw)


def _list(text: Any) -> Any:
    """Return the list in a column's text; a value that is no JSON is returned as it is."""
    try:
        return json.loads(text)
    except (ValueError, TypeError, RecursionError):
        return text


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
