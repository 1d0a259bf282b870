"""Tell the office above what became of what it handed down, duty by duty, in a signed report."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from catalog.duties.standing import standing
from catalog.errors import ConflictError
from catalog.offices import bundle
from ledger.duties import duties, life
from ledger.offices import bundles
from ledger.plans import editions
from ledger.post import contacts
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
    """Return the signed report for the office `to` on every duty it has handed down.

    ConflictError where it handed nothing down or the actor is not of the office.
    """
    with ledger.transaction(alone=True) as tx:
        require_an_office(tx.conn, act, "report-up")
        return reported(ledger, tx, bundles.peer(tx.conn, to), act)


def has_news(conn: Connection, peer: Peer, on: dt.date) -> bool:
    """Tell whether a report for `peer` would say anything that the last one of this day did not."""
    told = answers(conn, peer.id, on)
    return bool(told) and _digest(told, on) != peer.digest


def reported(ledger: Ledger, tx: Transaction, peer: Peer, act: Act) -> bytes:
    """Sign the next report for `peer`, and record that it was, in a transaction that is alone."""
    told = answers(tx.conn, peer.id, act.on)
    if not told:
        raise ConflictError("report-nothing", peer=peer.id)
    number = peer.told + 1
    made = bundle.Report(
        origin=origin(tx.conn, ledger.settings.home),
        to=peer.fingerprint,
        at=act.at,
        number=number,
        on=act.on,
        answers=told,
    )
    row = Change("peers", peer.id, {"told": number, "digest": _digest(told, act.on)})
    note = {"on": act.on, "number": number, "duties": len(told)}
    where = subject(peer.id)
    tx.record("report-sent", where, changes=[row], note=note, at=act.at, actor=act.user)
    return seal(ledger.settings.home, made)


def answers(conn: Connection, peer: str, on: dt.date) -> tuple[bundle.Answer, ...]:
    """Return what became, up to the day `on`, of every duty the office `peer` has handed down."""
    newest, taken = bundles.newest(conn, peer), bundles.newest(conn, peer, state="taken-over")
    children = _children(conn, on)
    ours = {key: taken[key] for key in children if key in taken}
    return tuple(
        _answer(conn, key, ours.get(key, newest[key]), children[key] if key in ours else ())
        for key in sorted(newest)
    )


def _answer(
    conn: Connection, key: str, kept: Bundle, children: Sequence[bundle.Child]
) -> bundle.Answer:
    said = {
        "duty": key,
        "state": kept.state,
        "plan": in_force(conn, kept.plan).plan.title if kept.plan else None,
        "reason": (kept.reason or "")[: bundle.LONGEST],
        "children": tuple(children),
    }
    return bundle.Answer.model_validate(said)


def _children(conn: Connection, on: dt.date) -> dict[str, list[bundle.Child]]:
    """Return how our duties stand, by the duty of another office that they answer.

    An obligation of an earlier edition counts too: a duty that is no longer asked is told so.
    """
    names = {agency.id: agency.name for agency in contacts.agencies(conn).values()}
    found: dict[str, list[bundle.Child]] = {}
    for plan in (edition.plan for edition in editions.all_in_force(conn)):
        answers = dict(_answering(conn, plan))
        asked = duties.DUTIES.c.obligation.in_(answers)
        held = duties.chosen(conn, duties.DUTIES.c.plan == plan, asked) if answers else []
        said = life.latest(conn, [child.key for child in held])
        for child in held:
            told = _child(child, on, names[child.performer], said[child.key].progress)
            found.setdefault(answers[child.obligation], []).append(told)
    return found


def _child(held: Duty, on: dt.date, performer: str, said: str) -> bundle.Child:
    stands = standing(duties.facts(held), on)
    return bundle.Child(
        title=held.title,
        performer=performer,
        due_on=held.due_on,
        status=stands.status,
        light=stands.light,
        closed_on=held.closed_on,
        delivered=held.delivered,
        quota_min=held.quota_min,
        said=said[: bundle.SAID],
    )


def _answering(conn: Connection, plan: str) -> Iterator[tuple[str, str]]:
    for edition in in_force(conn, plan).editions.values():
        for measure in edition.measures:
            yield from ((o.id, o.answers) for o in measure.obligations if o.answers)


def _digest(told: tuple[bundle.Answer, ...], on: dt.date) -> str:
    said = [answer.model_dump(mode="json") for answer in told]
    return hashlib.sha256(chain.canonical([on, said]).encode()).hexdigest()
