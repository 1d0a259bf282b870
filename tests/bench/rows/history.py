"""Cost of growing and verifying the history, beside bare hashing on sqlite3."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from ledger.offices.installation import load_settings
from ledger.proof import chain as history
from ledger.proof import verify
from ledger.proof.ledger_verification import verify_ledger
from ledger.session import Ledger
from ledger.store.changes import Change
from tests.bench.measure import RUNS, Figure, at_least, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTRIES = 20_000
AT = dt.datetime(2014, 3, 14, 0, 30, tzinfo=dt.UTC)
AT_TEXT = "2014-03-14T00:30:00Z"
CITY = {"name": "廣州市人民政府", "kind": "city"}
READ = "SELECT seq, at, actor, deed, subject, payload, prev, hash FROM entries ORDER BY seq"
_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def figures() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        ours, bare = Path(folder, "ours"), Path(folder, "bare")
        for home in (ours, bare):
            Ledger.open(load_settings({"DUBAN_HOME": str(home)})).close()
        with (
            Ledger.open(load_settings({"DUBAN_HOME": str(ours)})) as ledger,
            closing(sqlite3.connect(bare / "duban.db", isolation_level=None)) as conn,
        ):
            yield _grown(Ours(ledger), ByHand(conn))
            yield from _verified(ledger, conn)


def _grown(ours: Ours, bare: ByHand) -> Figure:
    took = side_by_side(ours.append, bare.append)
    return Figure(
        work="history: append, a row and its entry",
        unit="entries/s",
        ours=ENTRIES / took[0],
        against="sqlite3 by hand, row, hash and entry",
        theirs=ENTRIES / took[1],
        goal=at_least(0.5),
    )


def _verified(ledger: Ledger, conn: sqlite3.Connection) -> Iterator[Figure]:
    def whole() -> None:
        with ledger.read() as reader:
            assert verify_ledger(reader).ok

    took = side_by_side(
        lambda: walked(ledger), lambda: chained(conn), whole, lambda: read_anew(conn)
    )
    rates = [ENTRIES * RUNS / each for each in took]
    yield Figure(
        work="history: the chain verified",
        unit="entries/s",
        ours=rates[0],
        against="sqlite3 by hand, hashing only",
        theirs=rates[1],
        goal=at_least(0.5),
    )
    yield Figure(
        work="history: chain, anchors and every row verified",
        unit="entries/s",
        ours=rates[2],
        against="sqlite3 by hand, each payload read and hashed",
        theirs=rates[3],
        goal=at_least(0.5),
    )


class Ours:
    """A ledger that gains ENTRIES agencies, each with its entry."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._next = 0

    def append(self) -> None:
        with self._ledger.transaction() as tx:
            for n in range(self._next, self._next + ENTRIES):
                change = Change("agencies", f"city-{n}", CITY, "insert")
                tx.record("registered", f"city-{n}", changes=[change], at=AT, actor="bench")
        self._next += ENTRIES


class ByHand:
    """The same without duban."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._next = 0
        self._head = history.GENESIS
        conn.execute("PRAGMA synchronous = FULL")

    def append(self) -> None:
        cities, entries = [], []
        for n in range(self._next, self._next + ENTRIES):
            city = f"city-{n}"
            payload = _json({"changes": [["agencies", city, CITY]]})
            digest = _linked(n + 1, AT_TEXT, "bench", "registered", city, payload, self._head)
            cities.append((city, CITY["name"], CITY["kind"]))
            entries.append(
                (n + 1, AT_TEXT, "bench", "registered", city, payload, self._head, digest)
            )
            self._head = digest
        self._conn.execute("BEGIN IMMEDIATE")
        self._conn.executemany("INSERT INTO agencies (id, name, kind) VALUES (?, ?, ?)", cities)
        self._conn.executemany(
            "INSERT INTO entries (seq, at, actor, deed, subject, payload, prev, hash)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            entries,
        )
        self._conn.execute("COMMIT")
        self._next += ENTRIES


def _linked(*entry: int | str) -> str:
    seq, at, actor, deed, subject, payload, prev = entry
    text = (
        f'{{"actor":"{actor}","at":"{at}","deed":"{deed}","payload":{payload},'
        f'"seq":{seq},"subject":"{subject}"}}'
    )
    return sha256(f"{prev}{sha256(text.encode()).hexdigest()}".encode()).hexdigest()


def walked(ledger: Ledger) -> None:
    with ledger.read() as reader:
        chain = verify.Walk()
        for row in history.stream(reader):
            chain.step(*row)
    assert not chain.faults


def chained(conn: sqlite3.Connection) -> None:
    last = history.GENESIS
    for *entry, prev, digest in conn.execute(READ):
        assert prev == last
        assert _linked(*entry, prev) == digest
        last = digest


def read_anew(conn: sqlite3.Connection) -> None:
    last = history.GENESIS
    for *entry, payload, prev, digest in conn.execute(READ):
        assert prev == last
        assert _linked(*entry, _json(json.loads(payload)), prev) == digest
        last = digest
