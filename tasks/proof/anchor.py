"""Anchors: the end of a sweep recorded, and the head of the history put outside the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.offices import homes
from ledger.plans import editions
from ledger.post import contacts, tidings
from ledger.proof import anchor_checks, anchors, chain, journal
from ledger.store.changes import Change
from ledger.store.failpoint import failpoint
from tasks.post.mailbag import Mailbag
from tasks.proof.stamp import stamp
from tasks.tick import Counts

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from ledger.session import Connection, Ledger, Transaction
    from tasks.tick import Tick

REVIEWER = "reviewer"  # the position of an agency that gets the anchors
# Entries that are no reason for another letter.
QUIET = (
    "anchored",
    "formed",
    "sent",
    "superseded",
)


def anchor(ledger: Ledger, tick: Tick) -> Counts:
    """Record the plan as swept through the day, send the head to the reviewers, and file it.

    Reviewers get one a day, in their digest. A chain alone misses a cut tail or an old backup; the
    anchor outside the database shows it (docs/rules.md, History). A time stamping authority, if
    set, stamps the filed anchor.
    """
    with ledger.transaction() as tx:
        _tell(tx, tick, ledger.settings.sender)
    with ledger.transaction() as tx:
        filed = file_head(tx, ledger, tick.on)
        edition = editions.in_force(tx.conn, tick.plan)
        if edition.swept_through is None or edition.swept_through < tick.on:
            key = (edition.plan, edition.edition)
            tx.lease([Change("editions", key, {"swept_through": tick.on})])
        if not edition.is_demo and not ledger.is_rehearsal:
            tx.lease(homes.seen(tx.conn, ledger.settings.installation, tick.on))
    if filed is None or ledger.is_rehearsal:
        return Counts(anchored=1) if filed else Counts()
    return +Counts(anchored=1, stamped=stamp(ledger.settings, filed))


def file_head(tx: Transaction, ledger: Ledger, on: date) -> chain.Anchor | None:
    """Put the head of the history on file as the anchor of the day `on`; None where it is there.

    The file comes first: it names only entries that are committed, and the ledger lists only
    anchors that are on file, so a crash at any point leaves both true. Nothing else may be recorded
    in `tx`.
    """
    home = ledger.settings.home
    tx.hold("anchors")
    now = chain.Anchor(on, *chain.head(tx.conn))
    is_new = not _is_on_file(home, now)
    if ledger.is_rehearsal:
        return now if is_new else None
    if torn := anchor_checks.torn(tx.conn, home):
        anchors.append(home, torn)
    if is_new and now != torn:
        anchors.append(home, now)
        failpoint("anchored")
    tx.lease(anchor_checks.unlisted(tx.conn, home))
    return now if is_new else None


def _is_on_file(home: Path, anchor: chain.Anchor) -> bool:
    newest = anchors.on_file(home).newest
    return newest is not None and (newest.entries, newest.head) == (anchor.entries, anchor.head)


def reviewers(conn: Connection) -> list[tuple[str, str]]:
    """Return the reviewers as (`agency/reviewer`, channel)."""
    return [
        (f"{agency}/{position}", channel)
        for (agency, position), ways in contacts.contacts(conn).items()
        for channel in ways
        if position == REVIEWER
    ]


def _tell(tx: Transaction, tick: Tick, sender: str) -> None:
    """Put the head into the digests of the reviewers.

    At most once a day, and not if only the last letter was sent since.
    """
    recipients = reviewers(tx.conn)
    if not recipients:
        return
    bag = Mailbag(tx, (), on=tick.on, plan=tick.plan, sender=sender, besides=recipients)
    head = chain.head(tx.conn)
    if tidings.exists_on(tx.conn, "anchor", tick.on) or not _is_new(tx.conn):
        return
    line = anchors.anchor_line(chain.Anchor(tick.on, *head))
    changes = [change for to in recipients for change in bag.tiding("anchor", line, *to)]
    note = {"on": tick.on, "entries": head.entries, "head": head.head}
    tx.record("anchored", tick.plan, changes=changes, note=note, at=tick.at, actor=tick.actor)


def _is_new(conn: Connection) -> bool:
    entry = journal.last(conn, "anchored")
    return journal.goes_on(conn, entry.seq if entry else 0, besides=QUIET)
