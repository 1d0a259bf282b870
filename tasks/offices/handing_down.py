"""Hand duties down to another office (交辦): signed, recorded with each, and never closed by it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from catalog.errors import ConflictError, UsageRefusedError
from catalog.offices import bundle
from ledger.duties import duties
from ledger.offices import bundles, keys
from ledger.post import contacts
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.reports.deciders import require_office

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ledger.duties.duties import Duty
    from ledger.offices.bundles import Peer
    from ledger.session import Connection, Ledger
    from tasks.act import Act
    from tasks.in_force import InForce

_SAID = set(bundle.BundledDuty.model_fields) - {"says", "measure"}


def hand_down(ledger: Ledger, wanted: Sequence[str], act: Act, *, to: str) -> bundles.Bundle:
    """Hand the duties `wanted`, all of one plan, down to the office `to`; return what was signed.

    The duty stays what it is here, with its ladder and whoever performs it. ConflictError for
    one that has ended or is past its due date, or where the actor is not of the office;
    NotFoundError for an unknown duty or office. Handed down again, the newer word counts.
    """
    with ledger.transaction() as tx:
        peer = bundles.peer(tx.conn, to)
        held = [duties.one(tx.conn, key, lock=True) for key in sorted(set(wanted))]
        if len({duty.plan for duty in held}) != 1 or len(held) > bundle.MOST:
            raise UsageRefusedError("hand-down-plans", most=bundle.MOST)
        require_office(tx.conn, held[0].plan, act, "hand-down")
        for duty in held:
            _can_be_handed(duty, act)
        told = _told(ledger, tx.conn, held, peer, act)
        note = {"on": act.on, "to": to, "fingerprint": peer.fingerprint}
        row = Change("bundles", told.id, _sent(ledger, told, to, act), "insert")
        subject = f"bundle/{told.id}"
        tx.record("bundle-sent", subject, changes=[row], note=note, at=act.at, actor=act.user)
        before = bundles.handed_to(tx.conn, to)
        for duty in held:
            values = {"bundle": told.id, "handed_on": act.on, "handed_by": act.user}
            known = duty.key in before
            row = Change("handed", (duty.key, to), values, "update" if known else "insert")
            said = {**note, "bundle": told.id}
            tx.record("handed-down", duty.key, changes=[row], note=said, at=act.at, actor=act.user)
        return bundles.sent(tx.conn, told.id)


def _told(
    ledger: Ledger, conn: Connection, held: Sequence[Duty], peer: Peer, act: Act
) -> bundle.HandDown:
    edition = in_force(conn, held[0].plan)
    return bundle.HandDown(
        origin=origin(conn, ledger.settings.home),
        to=peer.fingerprint,
        at=act.at,
        id=secrets.token_hex(8),
        plan=_source(edition),
        duties=tuple(_duty(duty, edition) for duty in held),
    )


def _sent(ledger: Ledger, told: bundle.HandDown, to: str, act: Act) -> dict[str, Any]:
    return {
        "way": "out",
        "peer": to,
        "at": act.at,
        "document": seal(ledger.settings.home, told).decode(),
        "state": "sent",
        "came_on": act.on,
        "came_by": act.user,
    }


def origin(conn: Connection, home: Path) -> bundle.Office:
    """Return who this office is to others."""
    return bundle.Office(name=_name(conn), fingerprint=keys.fingerprint(keys.public(home)))


def seal(home: Path, told: bundle.HandDown | bundle.Report) -> bytes:
    """Return `told` as a file signed by the office of `home`."""
    payload = told.model_dump_json()
    unsigned = bundle.Sealed(payload, keys.fingerprint(keys.public(home)), "")
    return bundle.sealed(unsigned._replace(signature=keys.sign(home, unsigned.signed)))


def _name(conn: Connection) -> str:
    offices = [a.name for a in contacts.agencies(conn).values() if a.kind == "office"]
    return offices[0] if offices else "-"


def _can_be_handed(duty: Duty, act: Act) -> None:
    if duty.closed_on is not None or duty.waived_on is not None:
        said = {"deed": "hand-down", "key": duty.key, "user": act.user}
        raise ConflictError("rule-standing-ended", **said)
    if duty.due_on < act.on:
        raise ConflictError("hand-down-late", key=duty.key, due_on=duty.due_on)


def _source(edition: InForce) -> bundle.Source:
    plan = edition.plan
    return bundle.Source(
        code=plan.plan, title=plan.title, number=plan.number, issued_on=plan.issued_on
    )


def _duty(duty: Duty, edition: InForce) -> bundle.BundledDuty:
    said = {name: getattr(duty, name) for name in _SAID}
    measure = edition.editions[duty.edition].measure(duty.measure).title
    return bundle.BundledDuty.model_validate(
        said | {"says": edition.says(duty), "measure": measure}
    )
