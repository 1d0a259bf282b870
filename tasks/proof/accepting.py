"""Decisions to go on with a ledger that its anchors contradict, recorded in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.clean import clean
from catalog.errors import ConflictError, UsageRefusedError
from ledger.proof import anchor_checks, anchors, chain
from tasks.proof.anchor import file_head

if TYPE_CHECKING:
    from ledger.proof.anchor_checks import Difference
    from ledger.session import Ledger
    from tasks.act import Act


class Acceptance(NamedTuple):
    """A decision: what differed, and the head from which the history goes on."""

    difference: Difference
    entries: int
    head: str


def differing(ledger: Ledger) -> Acceptance:
    """Return what a decision would be about; ConflictError where ledger and anchors agree."""
    with ledger.read() as conn:
        difference = anchor_checks.compare(conn, ledger.settings.home)
        if not any(difference):
            raise ConflictError("anchors-agree")
        return Acceptance(difference, *chain.head(conn))


def accept(ledger: Ledger, act: Act, *, reason: str) -> Acceptance:
    """Go on with the ledger as it is, and set the anchors aside that contradict it.

    They and unreadable lines move to a file beside the anchors; anchors that only the ledger lists
    are written again. Raises UsageRefusedError without a reason, ConflictError where ledger and
    anchors agree.
    """
    text = clean(reason)
    if not text:
        raise UsageRefusedError("anchors-need-reason")
    acceptance = differing(ledger)
    home, contradicted = ledger.settings.home, acceptance.difference.contradicted
    with ledger.transaction(alone=True, anchored=False) as tx:
        listed = anchor_checks.listed(tx.conn)
        wrong = anchor_checks.contradicted(tx.conn, listed)
        anchor_checks.strike(tx.conn, wrong)
        tx.record(
            "anchors-accepted",
            "anchors",
            note={"on": act.on, "reason": text, **_note(acceptance)},
            at=act.at,
            actor=act.user,
        )
    filed = {*anchors.on_file(home).anchors, *listed} - {*contradicted, *wrong}
    anchors.replace(home, sorted(filed, key=lambda anchor: anchor.entries))
    with ledger.transaction() as tx:
        file_head(tx, ledger, act.on)
    return acceptance


def _note(acceptance: Acceptance) -> dict[str, object]:
    """Return what the entry tells: the head gone on from, and the newest anchor set aside."""
    contradicted, missing, unreadable = acceptance.difference
    newest = max(contradicted, key=lambda anchor: anchor.entries, default=None)
    return {
        "head": {"entries": acceptance.entries, "head": acceptance.head},
        "contradicted": len(contradicted),
        "missing": len(missing),
        "unreadable": len(unreadable),
        "newest": newest and {"on": newest.on, "entries": newest.entries, "head": newest.head},
    }
