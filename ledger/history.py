"""What was done, by whom and when: an append-only chain of entries, and its verification."""

from __future__ import annotations

import json
from datetime import date, datetime
from hashlib import sha256
from json.encoder import encode_basestring as quote
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ledger import bulk
from ledger.tables import TABLES, instant_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

ENTRIES = TABLES["entries"]
GENESIS = "0" * 64  # what the first entry is linked to
LOCK = 0x6475_6261_6E  # "duban": the advisory lock of whoever appends on PostgreSQL
CHUNK = 5000  # entries held in memory while streaming


class Draft(NamedTuple):
    """An entry before it has its place in the chain; `payload` is canonical JSON."""

    at: str
    actor: str
    deed: str
    subject: str
    payload: str


class Entry(NamedTuple):
    """An entry as it is kept."""

    seq: int
    at: str
    actor: str
    deed: str
    subject: str
    payload: dict[str, Any]
    prev: str
    hash: str


class Head(NamedTuple):
    """How many entries there are, and the hash of the last."""

    entries: int
    head: str


class Anchor(NamedTuple):
    """A head as it left the database on a day: mailed, printed, kept in a file."""

    on: date
    entries: int
    head: str


class Fault(NamedTuple):
    """Something that is not as it was recorded; `seq` is None where no one entry is to blame."""

    seq: int | None
    what: str


class Verdict(NamedTuple):
    """What verification found."""

    entries: int
    head: str
    anchors: int
    ok: bool
    faults: tuple[Fault, ...]


def canonical(value: Any) -> str:
    """Return `value` as JSON with one spelling: sorted keys, no spaces, characters as they are.

    Dates are ISO, instants UTC to the second with `Z`; what JSON cannot say is a TypeError.
    """
    return _encoder.encode(value)


def link(seq: int, draft: Draft, prev: str) -> str:
    """Return the SHA-256 of the canonical JSON of the entry `draft` becomes at `seq`."""
    at, actor, deed, subject, payload = draft
    told = (
        f'{{"actor":{quote(actor)},"at":{quote(at)},"deed":{quote(deed)},"payload":{payload},'
        f'"prev":{quote(prev)},"seq":{seq},"subject":{quote(subject)}}}'
    )
    return sha256(told.encode()).hexdigest()


def head(conn: sa.Connection) -> Head:
    """Return the end of the chain; an empty history ends in GENESIS."""
    last = sa.select(ENTRIES.c.seq, ENTRIES.c.hash).order_by(ENTRIES.c.seq.desc()).limit(1)
    row = conn.execute(last).first()
    return Head(row.seq, row.hash) if row else Head(0, GENESIS)


def append(conn: sa.Connection, drafts: Sequence[Draft]) -> None:
    """Give `drafts` their places at the end of the chain; only a transaction's end calls this."""
    if not drafts:
        return
    if conn.dialect.name == "postgresql":
        conn.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    seq, prev = head(conn)
    rows = []
    for seq, draft in enumerate(drafts, seq + 1):  # noqa: B020
        digest = link(seq, draft, prev)
        rows.append((seq, *draft, prev, digest))
        prev = digest
    bulk.insert(conn, ENTRIES, names=ENTRIES.c.keys(), rows=rows)


def entries(
    conn: sa.Connection, subject: str | None = None, *, before: datetime | None = None
) -> Iterator[Entry]:
    """Stream the entries in order: all or those about `subject`, and made `before` an instant."""
    return map(read, stream(conn, subject, before))


def read(row: sa.Row[Any]) -> Entry:
    """Return an entry from its row, its payload read."""
    return Entry._make((*row[:5], json.loads(row.payload), *row[6:]))


def verify(
    conn: sa.Connection,
    anchors: Iterable[Anchor] = (),
    *,
    also: Iterable[Fault] = (),
    progress: Callable[[int], None] | None = None,
) -> Verdict:
    """Walk the chain, then lay the anchors and the tables beside it; reports, never raises.

    `also` are faults found elsewhere (the evidence), asked for when the walk is done. `progress`
    is told how many entries have been read, every CHUNK entries.
    """
    from ledger.fold import differences  # noqa: PLC0415  # it reads the history through us

    kept = sorted(anchors, key=lambda anchor: anchor.entries)
    places = {anchor.entries: anchor.head for anchor in kept}
    walk = _Walk(places)
    for row in stream(conn):
        walk.step(*row)
        if progress and walk.read % CHUNK == 0:
            progress(walk.read)
    walk.faults += [
        Fault(None, f"cut: the anchor of {anchor.on} counts {anchor.entries} entries")
        for anchor in kept
        if anchor.entries > walk.seq
    ]
    faults = (*walk.faults, *differences(conn), *also)
    return Verdict(walk.read, walk.prev, len(kept), not faults, faults)


class _Walk:
    """The state of one walk along the chain."""

    def __init__(self, places: dict[int, str]) -> None:
        self.places = places
        self.read, self.seq, self.prev = 0, 0, GENESIS
        self.faults: list[Fault] = []

    def step(self, seq: int, *told: str) -> None:
        """Look at the next entry; after a fault the walk goes on from what the entry claims."""
        *said, prev, digest = told
        if seq != self.seq + 1:
            self._fault(seq, f"missing: {seq - self.seq - 1} entries before this one")
        elif prev != self.prev:
            self._fault(seq, "unlinked: it does not follow the entry before it")
        if digest != link(seq, Draft(*said), prev):
            self._fault(seq, "altered: it is not what its hash was made of")
        if self.places.get(seq, digest) != digest:
            self._fault(seq, "rewritten: the anchor of its day has another hash")
        self.read, self.seq, self.prev = self.read + 1, seq, digest

    def _fault(self, seq: int, what: str) -> None:
        self.faults.append(Fault(seq, what))


def stream(
    conn: sa.Connection, subject: str | None = None, before: datetime | None = None
) -> Iterator[sa.Row[Any]]:
    """Stream the entries as they are kept, the payload as its text; chosen as in `entries`."""
    wanted = sa.select(ENTRIES).order_by(ENTRIES.c.seq)
    if subject is not None:
        wanted = wanted.where(ENTRIES.c.subject == subject)
    if before is not None:  # text of one length and one zone: it sorts as the instants do
        wanted = wanted.where(ENTRIES.c.at < instant_text(before))
    yield from conn.execute(wanted, execution_options={"yield_per": CHUNK})


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
