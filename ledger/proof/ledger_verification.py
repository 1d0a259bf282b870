"""Verification of an open ledger: chain, anchors, evidence, and tables against the history."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from catalog.dates.days import SKEW
from ledger.proof import anchor_checks, session_seals
from ledger.proof.anchors import on_file
from ledger.proof.chain import head, stream
from ledger.proof.fold import Folding
from ledger.proof.verify import CHUNK, Anchor, Fault, Verdict, Walk
from ledger.tables import instant_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    import sqlalchemy as sa

    from ledger.proof.derived import Wrong
    from ledger.proof.evidence import Store


END = "\U0010ffff"  # later than every instant, as text


def verify_home(
    conn: sa.Connection,
    home: Path,
    evidence: Store,
    *,
    anchors: Iterable[Anchor] = (),
    at: datetime | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Verdict:
    """Verify a ledger with the files of its home, and with `anchors` from elsewhere."""
    also = chain(
        anchor_checks.faults(conn, home),
        session_seals.faults(conn, at),
        evidence.faults(conn),
    )
    anchors = [*on_file(home).anchors, *anchors]
    return verify_ledger(conn, anchors, also=also, at=at, progress=progress)


def verify_ledger(
    conn: sa.Connection,
    anchors: Iterable[Anchor] = (),
    *,
    also: Iterable[Fault] = (),
    at: datetime | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Verdict:
    """Verify the chain, then the anchors and tables against it; faults are returned, not raised.

    `also` are other faults (of the evidence), read after the chain. `at` is the present instant,
    ahead of which nothing can be. `progress` gets the finished share of the work, up to 1.
    """
    count, walk, ahead = head(conn).entries, Walk(anchors), list[int]()
    latest = instant_text(at + SKEW) if at else END
    with Folding(count) as folding:
        for row in stream(conn):
            walk.step(*row)
            folding.take(row)
            if isinstance(row.at, str) and row.at > latest:
                ahead.append(row.seq)
            if walk.read % CHUNK == 0:
                progress(walk.read / max(count, walk.read) / 2)
        walk.end()
        walk.faults += folding.differences(
            conn, at=at, progress=lambda share: progress((1 + share) / 2)
        )
    walk.faults += also
    if ahead:
        text = f"ahead: {len(ahead)} entries are dated after now; the clock was wrong, or is"
        walk.fault(ahead[0], text)
    return Verdict(walk.read, walk.prev, len(walk.anchors), not walk.faults, tuple(walk.faults))


def differences(conn: sa.Connection) -> Iterator[Fault]:
    """Yield a fault for every row that differs from the history."""
    with _folded(conn) as folding:
        yield from folding.differences(conn)


def wrong_columns(conn: sa.Connection, at: datetime) -> list[Wrong]:
    """Return the derived columns that do not follow from the history, with the right values."""
    with _folded(conn) as folding:
        any(folding.differences(conn, at=at))
        return folding.wrong


def _folded(conn: sa.Connection) -> Folding:
    folding = Folding(head(conn).entries)
    for row in stream(conn):
        folding.take(row)
    return folding
