"""A tracker is taken: what its rows became is done and recorded, all of it or nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from catalog.errors import ConflictError, DubanError
from ledger.trackers import uploads
from tasks.act import Relay
from tasks.all_or_nothing import Refusal, all_or_nothing
from tasks.deeds import answering, raising
from tasks.past.settling import Settlement, settle
from tasks.plans import assigning
from tasks.plans.assigning import Order
from tasks.trackers.uses.progress_rows import WORDS, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ledger.session import Ledger
    from ledger.trackers.uploads import TrackerUpload
    from tasks.act import Act
    from tasks.trackers.uses.preview import Preview
    from tasks.trackers.uses.row import Row

ENTRY = "tracker-taken"
MOST = 2000  # rows at once: each is a deed, and nobody else can write meanwhile
MOST_NAMED = 500  # rows left out that the entry names
DEEDS: Mapping[str, Callable[..., object]] = {
    "progress": answering.progress,
    "problem": raising.raise_problem,
    "next_step": answering.next_step,
}


def take(
    ledger: Ledger, upload: TrackerUpload, view: Preview, act: Act, *, is_kept: bool = True
) -> list[Refusal]:
    """Do what the ready rows became and record the file; return the refusals, by row.

    An upload that `is_kept` ends with it. ConflictError while something is asked, or where there
    are too many rows.
    """
    _check(view, upload)

    def each(whole: Ledger) -> Iterator[Refusal]:
        yield from _refusals(whole, upload, view, act)
        with whole.transaction() as tx:
            note = {"on": act.on, **document(upload, view)}
            tx.record(ENTRY, upload.plan, note=note, at=act.at, actor=act.user)
            if is_kept:
                uploads.end(tx, upload.id, act.at, receipt=json.dumps(document(upload, view)))

    return all_or_nothing(ledger, each)


def rehearse(ledger: Ledger, upload: TrackerUpload, view: Preview, act: Act) -> list[Refusal]:
    """Return the refusals of the rows that are ready; nothing is recorded."""
    with ledger.rehearsal() as rehearsal:
        return list(_refusals(rehearsal, upload, view, act))


def document(upload: TrackerUpload, view: Preview) -> dict[str, Any]:
    """Return what the history tells of a tracker that was taken: its file and its rows."""
    omissions = [
        {"place": row.line.place, "reason": row.omission} for row in view.rows if row.omission
    ]
    return {
        "tracker": upload.id,
        "use": upload.use,
        "file": upload.name,
        "sha256": upload.sha256,
        "taken": view.counts["ready"],
        "left": omissions[:MOST_NAMED],
        "left_out": len(omissions),
    }


def _check(view: Preview, upload: TrackerUpload) -> None:
    if view.counts["asked"]:
        raise ConflictError("upload-unanswered", count=view.counts["asked"])
    if not view.counts["ready"]:
        raise ConflictError("upload-nothing", place=upload.name)
    if view.counts["ready"] > MOST:
        raise ConflictError("upload-too-many", place=upload.name, most=MOST)


def _refusals(ledger: Ledger, upload: TrackerUpload, view: Preview, act: Act) -> Iterator[Refusal]:
    for row in view.rows:
        if row.deed is not None:
            try:
                _do(ledger, upload, row, act)
            except DubanError as error:
                yield Refusal(row.line.place, error)


def _do(ledger: Ledger, upload: TrackerUpload, row: Row, act: Act) -> None:
    """Do the deed of one row; raises the error that refuses it."""
    deed: Settlement | Order | Report = row.deed
    if isinstance(deed, Settlement):
        _raise_first(settle(ledger, upload.plan, act, [deed]))
    elif isinstance(deed, Order):
        assigning.assign(ledger, upload.plan, act, deed)
    else:
        relay = Relay(deed.agency, upload.name) if deed.agency else None
        for name in WORDS:
            if text := getattr(deed, name):
                DEEDS[name](ledger, deed.key, act._replace(relay=relay), text=text)


def _raise_first(refusals: Sequence[Refusal]) -> None:
    for refusal in refusals:
        raise refusal.error
