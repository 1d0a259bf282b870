"""Bring in what another office has signed: duties that wait to be taken over, or a report on ours.

Nothing in a file is believed before its signature is that of an office we trust.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError, NotFoundError
from catalog.offices import bundle
from ledger.offices import bundles, keys
from ledger.store.changes import Change
from tasks.offices.trusting import subject
from tasks.reports.deciders import require_an_office

if TYPE_CHECKING:
    from ledger.offices.bundles import Peer
    from ledger.session import Ledger, Transaction
    from tasks.act import Act


class Brought(NamedTuple):
    """What came: duties handed down under the id `bundle`, or the report of that number.

    `duties` are those handed down, or those of which a report says something new.
    """

    peer: str
    kind: str
    bundle: str
    duties: tuple[str, ...]


def bring(ledger: Ledger, content: bytes, act: Act, *, name: str = "bundle") -> Brought:
    """Take in the bundle `content` for the office; `name` is what a refusal calls it.

    Refused whole, each with a key of its own: what cannot be read, is signed by nobody we trust,
    was changed since, is meant for another, came before, or is older than what came.
    """
    with ledger.transaction(alone=True) as tx:
        require_an_office(tx.conn, act, "bring-bundle")
        return taken_in(ledger, tx, content, act, name=name)


def taken_in(ledger: Ledger, tx: Transaction, content: bytes, act: Act, *, name: str) -> Brought:
    """Do as `bring`, in a transaction that is alone, for whoever acts."""
    given = bundle.opened(content, name=name)
    peer = bundles.signer(tx.conn, given.signer)
    if peer is None:
        raise ConflictError("bundle-foreign", place=name, fingerprint=given.signer)
    if not keys.is_signed(peer.key, given.signature, given.signed):
        raise ConflictError("bundle-tampered", place=name, peer=peer.id)
    told = bundle.read(given, name=name)
    ours = keys.fingerprint(keys.public(ledger.settings.home))
    if told.to != ours or told.origin.fingerprint != peer.fingerprint:
        raise ConflictError("bundle-elsewhere", place=name, to=told.to, ours=ours)
    if isinstance(told, bundle.HandDown):
        return _wait(tx, peer, told, content.decode(), act)
    return _roll_up(tx, peer, told, act)


def _wait(tx: Transaction, peer: Peer, told: bundle.HandDown, document: str, act: Act) -> Brought:
    """Let the duties wait for whoever decides; of two words about one duty the newer counts."""
    if tx.present("bundles", [told.id]):
        raise ConflictError("bundle-replayed", bundle=told.id, peer=peer.id)
    newest = bundles.newest(tx.conn, peer.id)
    at = told.at.replace(microsecond=0)  # as it is kept
    newer = {key: kept.id for key, kept in newest.items() if kept.at >= at}
    if all(duty.key in newer for duty in told.duties):
        key = told.duties[0].key
        raise ConflictError("bundle-older", key=key, bundle=newer[key])
    values = {"way": "in", "peer": peer.id, "at": told.at, "document": document}
    values |= {"state": "waiting", "came_on": act.on, "came_by": act.user}
    row = Change("bundles", told.id, values, "insert")
    found = Brought(peer.id, told.kind, told.id, tuple(duty.key for duty in told.duties))
    note = {"on": act.on, "from": peer.id, "fingerprint": peer.fingerprint}
    where = f"bundle/{told.id}"
    tx.record("bundle-received", where, changes=[row], note=note, at=act.at, actor=act.user)
    return found


def _roll_up(tx: Transaction, peer: Peer, told: bundle.Report, act: Act) -> Brought:
    """Record with each duty what has changed of it; the duty itself stays as it stands."""
    if told.number <= peer.heard:
        raise ConflictError("report-older", peer=peer.id, number=told.number, heard=peer.heard)
    handed = bundles.handed_to(tx.conn, peer.id)
    news = []
    for answer in told.answers:
        if answer.duty not in handed:
            raise NotFoundError("report-duty-unknown", peer=peer.id, key=answer.duty)
        if handed[answer.duty].told != answer:
            news.append(answer)
    row = Change("peers", peer.id, {"heard": told.number, "heard_on": told.on})
    note = {"on": act.on, "number": told.number}
    where = subject(peer.id)
    tx.record("report-received", where, changes=[row], note=note, at=act.at, actor=act.user)
    for answer in news:
        values = {"answer": answer.model_dump_json(), "answered_on": told.on}
        row = Change("handed", (answer.duty, peer.id), values)
        said = note | {"from": peer.id}
        tx.record("rolled-up", answer.duty, changes=[row], note=said, at=act.at, actor=act.user)
    return Brought(peer.id, told.kind, str(told.number), tuple(a.duty for a in news))
