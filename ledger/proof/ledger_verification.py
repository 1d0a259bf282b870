"""Verification of an open ledger: its chain, its anchors, and its tables against the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.proof.chain import head, stream
from ledger.proof.fold import Folding
from ledger.proof.verify import CHUNK, Anchor, Fault, Verdict, Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import sqlalchemy as sa


def verify_ledger(
    conn: sa.Connection,
    anchors: Iterable[Anchor] = (),
    *,
    also: Iterable[Fault] = (),
    progress: Callable[[float], None] = lambda _: None,
) -> Verdict:
    """Verify the chain, then the anchors and tables against it; faults are returned, not raised.

    `also` are other faults (of the evidence), read after the chain. `progress` gets the finished
    share of the work, up to 1.
    """
    count = head(conn).entries
    walk = Walk(anchors)
    with Folding(count) as folding:
        for row in stream(conn):
            walk.step(*row)
            folding.take(row[5])
            if walk.read % CHUNK == 0:
                progress(walk.read / max(count, walk.read) / 2)
        walk.end()
        walk.faults += folding.differences(conn, progress=lambda share: progress((1 + share) / 2))
    walk.faults += also
    return Verdict(walk.read, walk.prev, len(walk.anchors), not walk.faults, tuple(walk.faults))


def differences(conn: sa.Connection) -> Iterator[Fault]:
    """Yield a fault for every row that differs from the history; leases are left out."""
    with Folding(head(conn).entries) as folding:
        for row in stream(conn):
            folding.take(row.payload)
        yield from folding.differences(conn)
