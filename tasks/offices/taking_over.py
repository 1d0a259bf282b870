"""Duties handed down by another office, taken over into a plan or declined."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from catalog.clean import LONGEST_LINE, typed
from catalog.errors import ConflictError, UsageRefusedError
from catalog.offices.taking_over import next_edition
from ledger.offices import bundles
from ledger.plans import editions
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.plans.publish import publish
from tasks.reports.deciders import require_an_office, require_office

if TYPE_CHECKING:
    from catalog.plans.model import Plan
    from ledger.offices.bundles import Bundle
    from ledger.session import Connection, Ledger
    from tasks.act import Act
    from tasks.plans.publish import Published


def take_over(
    ledger: Ledger, bundle: str, act: Act, *, plan: str, lead: str, title: str = ""
) -> Published:
    """Make the duties of a waiting bundle a measure of `plan`, led by the agency `lead`.

    Publishes the next edition of the plan in the same transaction; its entry names the bundle.
    ConflictError if it is decided already, its office is no longer trusted, or the actor is not of
    the office; NotFoundError for an unknown agency or plan.
    """
    with ledger.together() as whole:
        with whole.read() as conn:
            now = in_force_here(conn, plan)
            require_office(conn, plan, act, "take-over")
            waiting = _waiting(conn, bundle)
            keys = _open(conn, waiting)
        measure_title = " ".join(typed(title, "title", LONGEST_LINE).split())
        amended = next_edition(
            now, waiting.content, keys=keys, lead=lead, title=measure_title, on=act.on
        )
        source = {"handed-down-by": waiting.peer, "bundle": bundle, "sha256": _digest(waiting)}
        publication = publish(whole, amended, at=act.at, actor=act.user, source=source)
        answering = (m.number for m in amended.measures for o in m.obligations if o.answers in keys)
        _decide(whole, bundle, act, "taken-over", plan=plan, measure=next(answering))
    return publication


def decline(ledger: Ledger, bundle: str, act: Act, *, reason: str) -> None:
    """Decline the duties of a waiting bundle with a reason, which the next report carries.

    ConflictError if it is decided already or the actor is not of the office.
    """
    text = typed(reason, "reason")
    if not text:
        raise UsageRefusedError("decline-needs-reason")
    with ledger.together() as whole:
        with whole.read() as conn:
            require_an_office(conn, act, "decline-bundle")
            _waiting(conn, bundle)
        _decide(whole, bundle, act, "declined", reason=text)


def in_force_here(conn: Connection, plan: str) -> Plan:
    """Return the plan in force; ConflictError with the remedy if no plan is in force at all."""
    if not editions.all_in_force(conn):
        raise ConflictError("take-needs-plan")
    return in_force(conn, plan).plan


def _open(conn: Connection, waiting: Bundle) -> list[str]:
    """Return the duties of the bundle still to be answered, without those in a newer one."""
    peer = bundles.peer(conn, waiting.peer)
    newest = bundles.newest(conn, peer.id)
    keys = [duty.key for duty in waiting.content.duties if newest[duty.key].id == waiting.id]
    if not keys:
        raise ConflictError("bundle-superseded", bundle=waiting.id)
    for other in bundles.listed(conn, "in"):
        conflicting = [duty.key for duty in other.content.duties if duty.key in keys]
        if other.peer != peer.id and other.state == "taken-over" and conflicting:
            raise ConflictError("take-answered", key=conflicting[0], peer=other.peer)
    return keys


def _digest(waiting: Bundle) -> str:
    return hashlib.sha256(waiting.document.encode()).hexdigest()


def _waiting(conn: Connection, bundle: str) -> Bundle:
    received = bundles.received(conn, bundle)
    if received.state != "waiting":
        raise ConflictError("bundle-decided", bundle=bundle, on=received.decided_on)
    return received


def _decide(ledger: Ledger, bundle: str, act: Act, state: str, **values: str) -> None:
    decided = {"state": state, "decided_on": act.on, "decided_by": act.user, **values}
    row = Change("bundles", bundle, decided, expected={"state": "waiting"})
    deed = "taken-over" if state == "taken-over" else "bundle-declined"
    note = {"on": act.on}
    with ledger.transaction() as tx:
        where = f"bundle/{bundle}"
        tx.record(deed, where, changes=[row], note=note, at=act.at, actor=act.user)
