"""Close a sweep: note how far it came, and put the head of the history outside the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger import anchors, editions, history
from ledger.changes import Change
from tasks.tick import Counts

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.tick import Tick


def anchor(ledger: Ledger, tick: Tick) -> Counts:
    """Record the plan as swept through the day and append the head to the anchor file.

    A head that is on file already is not written again. A chain alone misses a cut tail or an
    old backup; the anchor, which left the database, shows it (rules 6).
    """
    with ledger.transaction() as tx:
        edition = editions.in_force(tx.conn, tick.plan)
        if edition.swept_through is None or edition.swept_through < tick.on:
            key = (edition.plan, edition.edition)
            tx.lease([Change("editions", key, {"swept_through": tick.on})])
    with ledger.read() as conn:
        head = history.head(conn)
    now = history.Anchor(on=tick.on, entries=head.entries, head=head.head)
    kept = anchors.anchors(ledger.settings.home)
    if kept and (kept[-1].entries, kept[-1].head) == (now.entries, now.head):
        return Counts()
    if not ledger.is_rehearsal:
        anchors.append(ledger.settings.home, now)
    return Counts(anchored=1)
