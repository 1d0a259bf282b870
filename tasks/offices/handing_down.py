"""Duties handed down to another office (交辦) in a signed bundle.

Each duty records it and stays open here whatever the other office does.
"""

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

_FIELDS = set(bundle.BundledDuty.model_fields) - {"says", "measure"}


def hand_down(ledger: Ledger, keys: Sequence[str], act: Act, *, to: str) -> bundles.Bundle:
    """Hand the duties `keys`, all of one plan, down to the office `to`; return the bundle.

    The duties keep their ladder and their performer here. Handed down again, the newer bundle
    counts. ConflictError for a duty that has ended or is past its due date, or if the actor is not
    of the office; NotFoundError for an unknown duty or office.
    """
    with ledger.transaction() as tx:
        peer = bundles.peer(tx.conn, to)
        rows = [duties.one(tx.conn, key, lock=True) for key in sorted(set(keys))]
        if len({duty.plan for duty in rows}) != 1 or len(rows) > bundle.MOST:
            raise UsageRefusedError("hand-down-plans", most=bundle.MOST)
        require_office(tx.conn, rows[0].plan, act, "hand-down")
        for duty in rows:
            _check_duty(duty, act)
        hand_down_file = _hand_down(ledger, tx.conn, rows, peer, act)
        note = {"on": act.on, "to": to, "fingerprint": peer.fingerprint}
        row = Change(
            "bundles", hand_down_file.id, _values(ledger, hand_down_file, to, act), "insert"
        )
        subject = f"bundle/{hand_down_file.id}"
        tx.record("bundle-sent", subject, changes=[row], note=note, at=act.at, actor=act.user)
        before = bundles.handed_to(tx.conn, to)
        for duty in rows:
            values = {"bundle": hand_down_file.id, "handed_on": act.on, "handed_by": act.user}
            handed_before = duty.key in before
            row = Change("handed", (duty.key, to), values, "update" if handed_before else "insert")
            duty_note = {**note, "bundle": hand_down_file.id}
            tx.record(
                "handed-down", duty.key, changes=[row], note=duty_note, at=act.at, actor=act.user
            )
        return bundles.sent(tx.conn, hand_down_file.id)


def _hand_down(
    ledger: Ledger, conn: Connection, rows: Sequence[Duty], peer: Peer, act: Act
) -> bundle.HandDown:
    edition = in_force(conn, rows[0].plan)
    return bundle.HandDown(
        origin=origin(conn, ledger.settings.home),
        to=peer.fingerprint,
        at=act.at,
        id=secrets.token_hex(8),
        plan=_source(edition),
        duties=tuple(_duty(duty, edition) for duty in rows),
    )


def _values(ledger: Ledger, content: bundle.HandDown, to: str, act: Act) -> dict[str, Any]:
    return {
        "way": "out",
        "peer": to,
        "at": act.at,
        "document": seal(ledger.settings.home, content).decode(),
        "state": "sent",
        "came_on": act.on,
        "came_by": act.user,
    }


def origin(conn: Connection, home: Path) -> bundle.Office:
    """Return this office as other offices know it: name and fingerprint."""
    return bundle.Office(name=_name(conn), fingerprint=keys.fingerprint(keys.public(home)))


def seal(home: Path, content: bundle.HandDown | bundle.Report) -> bytes:
    """Return `content` as a file signed with the key in `home`."""
    payload = content.model_dump_json()
    unsigned = bundle.Sealed(payload, keys.fingerprint(keys.public(home)), "")
    return bundle.seal(unsigned._replace(signature=keys.sign(home, unsigned.signed)))


def _name(conn: Connection) -> str:
    offices = [a.name for a in contacts.agencies(conn).values() if a.kind == "office"]
    return offices[0] if offices else "-"


def _check_duty(duty: Duty, act: Act) -> None:
    if duty.closed_on is not None or duty.waived_on is not None:
        values = {"deed": "hand-down", "key": duty.key, "user": act.user}
        raise ConflictError("rule-standing-ended", **values)
    if duty.due_on < act.on:
        raise ConflictError("hand-down-late", key=duty.key, due_on=duty.due_on)


def _source(edition: InForce) -> bundle.Source:
    plan = edition.plan
    return bundle.Source(
        code=plan.plan, title=plan.title, number=plan.number, issued_on=plan.issued_on
    )


def _duty(duty: Duty, edition: InForce) -> bundle.BundledDuty:
    fields = {name: getattr(duty, name) for name in _FIELDS}
    says, measure = edition.says(duty)[: bundle.WORDS], edition.measure_of(duty).title
    return bundle.BundledDuty.model_validate(fields | {"says": says, "measure": measure})
