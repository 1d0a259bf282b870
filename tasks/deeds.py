"""The plain deeds of a duty's life: acknowledge, deliver a quota item, file, close out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError
from ledger import duties, messages
from ledger.changes import Change

if TYPE_CHECKING:
    import datetime as dt

    from ledger.duties import Held
    from ledger.session import Ledger, Transaction


class Deed(NamedTuple):
    """Who does it, on which calendar day of the plan's zone, at which instant."""

    actor: str
    on: dt.date
    at: dt.datetime


def acknowledge(ledger: Ledger, key: str, deed: Deed) -> None:
    """Record that the performer has received the duty; ConflictError when it has done so before."""
    with ledger.transaction() as tx:
        held = _open(tx, key)
        if held.acknowledged_on is not None:
            raise ConflictError("already-acknowledged", key=key, on=held.acknowledged_on)
        _change(tx, held, deed, "acknowledged", {"acknowledged_on": deed.on})


def deliver_item(ledger: Ledger, key: str, deed: Deed, *, title: str, place: str = "") -> None:
    """Record one item of a quota (one meeting held, one event run) on its day.

    ConflictError when the duty has no quota: then there is nothing to count.
    """
    with ledger.transaction() as tx:
        held = _open(tx, key)
        if held.quota_min is None:
            raise ConflictError("no-quota", key=key)
        values = {
            "duty": key,
            "held_on": deed.on,
            "place": place,
            "title": title,
            "evidence": "",
            "recorded_at": deed.at,
            "recorded_by": deed.actor,
        }
        item = hashlib.sha256(f"{key}|{held.delivered + 1}".encode()).hexdigest()[:16]
        row = Change("items", item, values, op="insert")
        _change(tx, held, deed, "delivered", {"delivered": held.delivered + 1}, row)


def file(ledger: Ledger, key: str, deed: Deed, *, summary: str) -> None:
    """File the performer's report that the duty is done; slips still in draft are superseded."""
    with ledger.transaction() as tx:
        held = _open(tx, key)
        if held.filed_on is not None:
            raise ConflictError("already-filed", key=key, on=held.filed_on)
        slips = _withdrawn(tx, key)
        _change(tx, held, deed, "filed", {"filed_on": deed.on}, *slips, note={"summary": summary})


def close(ledger: Ledger, key: str, deed: Deed) -> None:
    """Take a filed duty off the list as done (銷號); only the office does this."""
    with ledger.transaction() as tx:
        held = _open(tx, key)
        if held.filed_on is None:
            raise ConflictError("not-filed", key=key)
        _change(tx, held, deed, "closed", {"closed_on": deed.on, "closed_as": "done"})
        tx.lease([Change("duties", key, {"look_on": None})])


def _open(tx: Transaction, key: str) -> Held:
    held = duties.one(tx.conn, key)
    if held.opened_on is None:
        raise ConflictError("not-open", key=key, on=held.opens_on)
    if held.closed_on is not None:
        raise ConflictError("already-closed", key=key, on=held.closed_on)
    return held


def _withdrawn(tx: Transaction, key: str) -> list[Change]:
    return [
        Change("messages", m, {"state": "superseded"}, given={"state": "draft"})
        for m in messages.drafts_of(tx.conn, key)
    ]


def _change(
    tx: Transaction,
    held: Held,
    deed: Deed,
    name: str,
    values: dict[str, object],
    *more: Change,
    note: dict[str, object] | None = None,
) -> None:
    changes = [Change("duties", held.key, values), *more]
    tx.record(name, held.key, changes=changes, note=note, at=deed.at, actor=deed.actor)
