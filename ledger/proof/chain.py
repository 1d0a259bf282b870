"""History chain: the append-only entries of the completion history."""

from __future__ import annotations

import json
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ledger.proof.verify import CHUNK, FORMAT, GENESIS, Anchor, Fault, Verdict, body, chained
from ledger.store import bulk_rows
from ledger.store.changes import KEYS_PER_QUERY
from ledger.store.engine import hold, require_text
from ledger.tables import TABLES, instant_text

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

__all__ = ["CHUNK", "GENESIS", "Anchor", "Fault", "Verdict"]

ENTRIES = TABLES["entries"]
_LAST = sa.select(ENTRIES.c.seq, ENTRIES.c.hash).order_by(ENTRIES.c.seq.desc()).limit(1)


class Draft(NamedTuple):
    """An entry before it has its place in the chain; `payload` is canonical JSON."""

    at: str
    actor: str
    deed: str
    subject: str
    payload: str


class Entry(NamedTuple):
    """An entry of the chain."""

    seq: int
    at: str
    actor: str
    deed: str
    subject: str
    payload: dict[str, Any]
    prev: str
    hash: str


class Head(NamedTuple):
    """The number of entries, and the hash of the last."""

    entries: int
    head: str


def canonical(value: Any) -> str:
    """Return `value` as canonical JSON: sorted keys, no spaces, no escapes beyond the needed.

    Dates are ISO, instants UTC to the second with `Z`; any other type raises TypeError.
    """
    return _encoder.encode(value)


def link(seq: int, draft: Draft, prev: str) -> str:
    """Return the hash of `draft` as entry `seq`, over the previous hash and its body."""
    return chained(prev, body(seq, draft))


def head(conn: sa.Connection) -> Head:
    """Return the end of the chain; an empty history ends in GENESIS."""
    row = conn.execute(_LAST).first()
    return Head(row.seq, row.hash) if row else Head(0, GENESIS)


def append(conn: sa.Connection, drafts: Sequence[Draft]) -> None:
    """Append `drafts` to the chain; only the end of a transaction calls this."""
    if not drafts:
        return
    hold(conn, "chain")
    seq, prev = head(conn)
    rows = []
    for number, draft in enumerate(drafts, seq + 1):
        digest = link(number, draft, prev)
        rows.append((number, *draft, prev, digest, FORMAT))
        prev = digest
    bulk_rows.insert(conn, ENTRIES, names=ENTRIES.c.keys(), rows=rows)


def entries(
    conn: sa.Connection, subject: str | None = None, *, before: datetime | None = None
) -> Iterator[Entry]:
    """Stream the entries in order: all, or those about `subject` or made `before` an instant."""
    return map(read, stream(conn, subject, before))


def count(conn: sa.Connection, subject: str, deed: str) -> int:
    """Return how many entries about `subject` record `deed`."""
    entries = sa.select(sa.func.count()).select_from(ENTRIES)
    return conn.scalar(entries.where(ENTRIES.c.subject == subject, ENTRIES.c.deed == deed)) or 0


def last(conn: sa.Connection, subject: str, deed: str) -> Entry | None:
    """Return the last entry about `subject` that records `deed`, None for none."""
    entries = sa.select(ENTRIES).where(ENTRIES.c.subject == subject, ENTRIES.c.deed == deed)
    entry = conn.execute(entries.order_by(ENTRIES.c.seq.desc()).limit(1)).first()
    return None if entry is None else read(entry)


def recording(conn: sa.Connection, subject: str, table: str, key: str) -> Entry | None:
    """Return the first entry about `subject` that changed the row `key` of `table`."""
    row = canonical([table, key]).removesuffix("]")
    entries = sa.select(ENTRIES).where(
        ENTRIES.c.subject == subject, ENTRIES.c.payload.contains(f"{row},", autoescape=True)
    )
    entry = conn.execute(entries.order_by(ENTRIES.c.seq).limit(1)).first()
    return None if entry is None else read(entry)


def about(
    conn: sa.Connection,
    subjects: Collection[str],
    *,
    deed: str | None = None,
    limit: int | None = None,
) -> list[Entry]:
    """Return the entries about `subjects`, oldest first: of any deed or of one."""
    rows = sa.select(ENTRIES).where(ENTRIES.c.subject.in_(subjects))
    if deed is not None:
        rows = rows.where(ENTRIES.c.deed == deed)
    return [read(row) for row in conn.execute(rows.order_by(ENTRIES.c.seq).limit(limit))]


def last_at(
    conn: sa.Connection, subjects: Collection[str], *, besides: Collection[str] = ()
) -> dict[str, datetime]:
    """Return the instant of the last entry about each of `subjects`, but for the deeds `besides`.

    Of subjects without an entry there is none.
    """
    instants: dict[str, datetime] = {}
    rest = iter(subjects)
    while some := list(islice(rest, KEYS_PER_QUERY)):
        last = sa.select(ENTRIES.c.subject, sa.func.max(ENTRIES.c.at)).where(
            ENTRIES.c.subject.in_(some), ENTRIES.c.deed.not_in(besides)
        )
        for subject, at in conn.execute(last.group_by(ENTRIES.c.subject)):
            instants[subject] = datetime.fromisoformat(at)
    return instants


def read(row: sa.Row[Any]) -> Entry:
    """Return the entry of a row, with its payload parsed; ConflictError for stored bytes."""
    require_text(row)
    return Entry._make((*row[:5], json.loads(row.payload), *row[6:8]))


def stream(
    conn: sa.Connection, subject: str | None = None, before: datetime | None = None
) -> Iterator[sa.Row[Any]]:
    """Stream the rows of the entries, the payload as text; the arguments are those of `entries`."""
    query = sa.select(ENTRIES).order_by(ENTRIES.c.seq)
    if subject is not None:
        query = query.where(ENTRIES.c.subject == subject)
    if before is not None:  # text of one length and one zone sorts as the instants do
        query = query.where(ENTRIES.c.at < instant_text(before))
    yield from conn.execute(query, execution_options={"yield_per": CHUNK})


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in the history")


_encoder = json.JSONEncoder(
    ensure_ascii=False,
    sort_keys=True,
    separators=(",", ":"),
    default=_plain,
    allow_nan=False,
    check_circular=False,
)
