"""Bundles received from other offices: duties to take over, or reports on duties handed down.

Nothing in a file is used before its signature is that of a trusted office.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import SKEW
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


class Receipt(NamedTuple):
    """A bundle received: duties handed down under the id `bundle`, or the report of that number.

    `duties` are the keys handed down, or those with news in a report.
    """

    peer: str
    kind: str
    bundle: str
    duties: tuple[str, ...]


def receive(ledger: Ledger, content: bytes, act: Act, *, name: str = "bundle") -> Receipt:
    """Receive the bundle `content` for the office; `name` names it in a refusal.

    Refused as a whole, each with an error key of its own: unreadable, signed by an untrusted
    office, tampered with, meant for another office, received before, or older than one received.
    """
    with ledger.transaction(alone=True) as tx:
        require_an_office(tx.conn, act, "bring-bundle")
        return receive_in(ledger, tx, content, act, name=name)


def receive_in(ledger: Ledger, tx: Transaction, content: bytes, act: Act, *, name: str) -> Receipt:
    """Do as `receive` inside an exclusive transaction, for any actor."""
    sealed = bundle.unseal(content, name=name)
    peer = bundles.signer(tx.conn, sealed.signer)
    if peer is None:
        raise ConflictError("bundle-foreign", place=name, fingerprint=sealed.signer)
    if not keys.is_signed(peer.key, sealed.signature, sealed.signed):
        raise ConflictError("bundle-tampered", place=name, peer=peer.id)
    message = bundle.read(sealed, name=name)
    own = keys.fingerprint(keys.public(ledger.settings.home))
    if message.to != own or message.origin.fingerprint != peer.fingerprint:
        raise ConflictError("bundle-elsewhere", place=name, to=message.to, ours=own)
    if isinstance(message, bundle.HandDown):
        return _wait(tx, peer, message, content.decode(), act)
    return _roll_up(tx, peer, message, act)


def _wait(
    tx: Transaction, peer: Peer, content: bundle.HandDown, document: str, act: Act
) -> Receipt:
    """Store the duties until the office decides; of two bundles with one duty the newer counts."""
    if tx.present("bundles", [content.id]):
        raise ConflictError("bundle-replayed", bundle=content.id, peer=peer.id)
    if content.at > act.at + SKEW:
        raise ConflictError("bundle-ahead", bundle=content.id, peer=peer.id, at=content.at)
    newest = bundles.newest(tx.conn, peer.id)
    at = content.at.replace(microsecond=0)  # as the ledger stores it
    newer = {
        key: newest_bundle.id
        for key, newest_bundle in newest.items()
        if bundles.dated(newest_bundle) >= at
    }
    if all(duty.key in newer for duty in content.duties):
        key = content.duties[0].key
        raise ConflictError("bundle-older", key=key, bundle=newer[key])
    values = {"way": "in", "peer": peer.id, "at": content.at, "document": document}
    values |= {"state": "waiting", "came_on": act.on, "came_by": act.user}
    row = Change("bundles", content.id, values, "insert")
    receipt = Receipt(peer.id, content.kind, content.id, tuple(duty.key for duty in content.duties))
    note = {"on": act.on, "from": peer.id, "fingerprint": peer.fingerprint}
    where = f"bundle/{content.id}"
    tx.record("bundle-received", where, changes=[row], note=note, at=act.at, actor=act.user)
    return receipt


def _roll_up(tx: Transaction, peer: Peer, report: bundle.Report, act: Act) -> Receipt:
    """Record the news with each duty; the duty itself stays unchanged."""
    if report.number <= peer.heard:
        raise ConflictError("report-older", peer=peer.id, number=report.number, heard=peer.heard)
    handed = bundles.handed_to(tx.conn, peer.id)
    news = []
    for answer in report.answers:
        if answer.duty not in handed:
            raise NotFoundError("report-duty-unknown", peer=peer.id, key=answer.duty)
        if handed[answer.duty].last_answer != answer:
            news.append(answer)
    row = Change("peers", peer.id, {"heard": report.number, "heard_on": report.on})
    note = {"on": act.on, "number": report.number}
    where = subject(peer.id)
    tx.record("report-received", where, changes=[row], note=note, at=act.at, actor=act.user)
    for answer in news:
        values = {"answer": answer.model_dump_json(), "answered_on": report.on}
        row = Change("handed", (answer.duty, peer.id), values)
        duty_note = note | {"from": peer.id}
        tx.record(
            "rolled-up", answer.duty, changes=[row], note=duty_note, at=act.at, actor=act.user
        )
    return Receipt(peer.id, report.kind, str(report.number), tuple(a.duty for a in news))
