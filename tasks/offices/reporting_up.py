"""Signed reports to the office above on the duties it handed down."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from catalog.duties.standing import standing
from catalog.errors import ConflictError
from catalog.offices import bundle
from ledger.duties import conditions, duties, life
from ledger.offices import bundles
from ledger.people import agencies
from ledger.plans import editions
from ledger.proof import chain
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.offices.handing_down import origin, seal
from tasks.offices.trusting import subject
from tasks.reports.deciders import require_an_office

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from ledger.duties.duties import Duty
    from ledger.offices.bundles import Bundle, Peer
    from ledger.session import Connection, Ledger, Transaction
    from tasks.act import Act


def report(ledger: Ledger, to: str, act: Act) -> bytes:
    """Return the signed report to the office `to` on every duty it handed down.

    ConflictError if it handed nothing down or the actor is not of the office.
    """
    with ledger.transaction(alone=True) as tx:
        require_an_office(tx.conn, act, "report-up")
        return sign_report(ledger, tx, bundles.peer(tx.conn, to), act)


def has_news(conn: Connection, peer: Peer, on: dt.date) -> bool:
    """Tell whether a report to `peer` would differ from the last one of this day."""
    current = answers(conn, peer.id, on)
    return bool(current) and _digest(current, on) != peer.digest


def sign_report(ledger: Ledger, tx: Transaction, peer: Peer, act: Act) -> bytes:
    """Sign and record the next report to `peer` inside an exclusive transaction."""
    current = answers(tx.conn, peer.id, act.on)
    if not current:
        raise ConflictError("report-nothing", peer=peer.id)
    number = peer.told + 1
    content = bundle.Report(
        origin=origin(tx.conn, ledger.settings.home),
        to=peer.fingerprint,
        at=act.at,
        number=number,
        on=act.on,
        answers=current,
    )
    row = Change("peers", peer.id, {"told": number, "digest": _digest(current, act.on)})
    note = {"on": act.on, "number": number, "duties": len(current)}
    where = subject(peer.id)
    tx.record("report-sent", where, changes=[row], note=note, at=act.at, actor=act.user)
    return seal(ledger.settings.home, content)


def answers(conn: Connection, peer: str, on: dt.date) -> tuple[bundle.Answer, ...]:
    """Return the state on the day `on` of every duty the office `peer` handed down."""
    newest, taken_over = bundles.newest(conn, peer), bundles.newest(conn, peer, state="taken-over")
    children = _children(conn, on)
    own = {key: taken_over[key] for key in children if key in taken_over}
    return tuple(
        _answer(conn, key, own.get(key, newest[key]), children[key] if key in own else ())
        for key in sorted(newest)
    )


def _answer(
    conn: Connection, key: str, received: Bundle, children: Sequence[bundle.Child]
) -> bundle.Answer:
    fields = {
        "duty": key,
        "state": received.state,
        "plan": in_force(conn, received.plan).plan.title if received.plan else None,
        "reason": (received.reason or "")[: bundle.LONGEST],
        "children": tuple(children),
    }
    return bundle.Answer.model_validate(fields)


def _children(conn: Connection, on: dt.date) -> dict[str, list[bundle.Child]]:
    """Return the standing of our duties, grouped by the other office's duty they answer.

    Obligations of earlier editions count too, so that a withdrawn duty is reported as such.
    """
    names = agencies.agencies_on(conn, on)
    children_of: dict[str, list[bundle.Child]] = {}
    for plan in (edition.plan for edition in editions.all_in_force(conn)):
        answers = dict(_answering(conn, plan))
        condition = conditions.of(plan=plan) & conditions.of_obligations(answers)
        rows = duties.chosen(conn, condition) if answers else []
        latest = life.latest(conn, [child.key for child in rows])
        for child in rows:
            entry = _child(
                child, on, names.of(child)[child.performer].name, latest[child.key].progress
            )
            children_of.setdefault(answers[child.obligation], []).append(entry)
    return children_of


def _child(duty: Duty, on: dt.date, performer: str, progress: str) -> bundle.Child:
    stands = standing(duties.facts(duty), on)
    return bundle.Child(
        title=duty.title,
        performer=performer,
        due_on=duty.due_on,
        status=stands.status,
        light=stands.light,
        closed_on=duty.closed_on,
        delivered=duty.delivered,
        quota_min=duty.quota_min,
        said=progress[: bundle.SAID],
    )


def _answering(conn: Connection, plan: str) -> Iterator[tuple[str, str]]:
    for edition in in_force(conn, plan).editions.values():
        for measure in edition.measures:
            yield from ((o.id, o.answers) for o in measure.obligations if o.answers)


def _digest(content: tuple[bundle.Answer, ...], on: dt.date) -> str:
    documents = [answer.model_dump(mode="json") for answer in content]
    return hashlib.sha256(chain.canonical([on, documents]).encode()).hexdigest()
