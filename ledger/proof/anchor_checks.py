"""Checks of the history against its anchors: before each write, and by `duban verify`."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from catalog.errors import ConflictError
from ledger.proof.anchors import anchor_file, on_file
from ledger.proof.verify import GENESIS, Anchor, Fault
from ledger.store.changes import KEYS_PER_QUERY, Change
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from pathlib import Path

ENTRIES, LISTED, EDITIONS = TABLES["entries"], TABLES["anchors"], TABLES["editions"]
_LISTED_ENTRIES = sa.select(LISTED.c.entries)
_HASH = sa.select(ENTRIES.c.hash).where(ENTRIES.c.seq == sa.bindparam("entries"))


class Difference(NamedTuple):
    """Where the ledger differs from the anchors of its home.

    `contradicted` are anchors of another history or of one that went further, `missing` those the
    ledger lists and the file lacks, `unreadable` the numbers of lines that are no anchor.
    """

    contradicted: tuple[Anchor, ...]
    missing: tuple[Anchor, ...]
    unreadable: tuple[int, ...]


def require_newest(conn: sa.Connection, home: Path) -> None:
    """Refuse a ledger whose history does not hold the newest anchor on file (ConflictError).

    Asked before each write, because an older database that goes on is a second history.
    """
    if stop := halt(conn, home):
        raise stop


def halt(conn: sa.Connection, home: Path) -> ConflictError | None:
    """Return the refusal that every write meets, None where the newest anchor holds."""
    newest = on_file(home).newest
    if newest is None or not newest.entries:
        return None
    digest = conn.scalar(_HASH, {"entries": newest.entries})
    if digest == newest.head:
        return None
    key = "ledger-older" if digest is None else "ledger-other"
    return ConflictError(key, on=newest.on, entries=newest.entries)


def compare(conn: sa.Connection, home: Path) -> Difference:
    """Return where the ledger and the anchors of its home differ."""
    file = on_file(home)
    last = torn(conn, home)
    missing = [a for a in listed(conn) if a not in file.anchors and a != last]
    return Difference(contradicted(conn, file.anchors), tuple(missing), file.unreadable)


def torn(conn: sa.Connection, home: Path) -> Anchor | None:
    """Return the newest anchor of the list, where the file ends within its line."""
    file = on_file(home)
    newest = next(reversed(listed(conn)), None) if file.torn else None
    return newest if newest and file.is_torn(newest) else None


def contradicted(conn: sa.Connection, anchors: Sequence[Anchor]) -> tuple[Anchor, ...]:
    """Return those of `anchors` that the history does not hold."""
    numbers = iter([anchor.entries for anchor in anchors])
    hashes = {0: GENESIS}
    while some := list(islice(numbers, KEYS_PER_QUERY)):
        query = sa.select(ENTRIES.c.seq, ENTRIES.c.hash).where(ENTRIES.c.seq.in_(some))
        hashes.update((row.seq, row.hash) for row in conn.execute(query))
    return tuple(anchor for anchor in anchors if hashes.get(anchor.entries) != anchor.head)


def faults(conn: sa.Connection, home: Path) -> Iterator[Fault]:
    """Yield what is wrong with the file of anchors; `verify_ledger` compares it with the chain."""
    yield from faults_of(compare(conn, home), conn, home)


def faults_of(difference: Difference, conn: sa.Connection, home: Path) -> Iterator[Fault]:
    """Yield what the `difference` says is wrong with the file of anchors."""
    name = anchor_file(home).name
    for number in difference.unreadable:
        yield Fault(None, f"unreadable: {name}:{number} is no anchor")
    if difference.missing:
        first, last = difference.missing[0], difference.missing[-1]
        days = f"{first.on}" if first.on == last.on else f"{first.on} to {last.on}"
        yield Fault(None, f"missing: {len(difference.missing)} anchors of {days} in {name}")
    elif not on_file(home).anchors and (through := _swept_through(conn)):
        yield Fault(None, f"missing: {name} has no anchor, and {through} was swept")


def listed(conn: sa.Connection) -> list[Anchor]:
    """Return the anchors that the ledger lists as filed, by their entries."""
    rows = conn.execute(sa.select(LISTED).order_by(LISTED.c.entries))
    return [Anchor(row.on, row.entries, row.head) for row in rows]


def unlisted(conn: sa.Connection, home: Path) -> list[Change]:
    """Return the rows that list the anchors on file which the ledger does not list yet."""
    known = set(conn.scalars(_LISTED_ENTRIES))
    filed = {anchor.entries: anchor for anchor in on_file(home).anchors}
    return [
        Change("anchors", entries, {"on": anchor.on, "head": anchor.head}, "insert")
        for entries, anchor in filed.items()
        if entries not in known
    ]


def strike(conn: sa.Connection, anchors: Sequence[Anchor]) -> None:
    """Take `anchors` off the list; only a recorded decision does."""
    numbers = [anchor.entries for anchor in anchors]
    conn.execute(sa.delete(LISTED).where(LISTED.c.entries.in_(numbers)))


def _swept_through(conn: sa.Connection) -> date | None:
    day: date | None = conn.scalar(sa.select(sa.func.max(EDITIONS.c.swept_through)))
    return day
