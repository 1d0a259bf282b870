"""Put an edition of a plan in force: its agencies are registered, sweeps will make its duties."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import ConflictError
from catalog.workdays import load_workdays
from ledger import editions
from ledger.changes import Change

if TYPE_CHECKING:
    import datetime as dt

    from catalog.plan import Plan
    from ledger.session import Ledger, Transaction


class Published(NamedTuple):
    """What publishing did: `new` is False when that very edition was in force already."""

    plan: str
    edition: int
    digest: str
    agencies: int
    new: bool


def publish(
    ledger: Ledger,
    plan: Plan,
    *,
    at: dt.datetime,
    actor: str,
    demo: bool = False,
) -> Published:
    """Record `plan` as the edition in force and register its agencies, in one transaction.

    Publishing the same document twice changes nothing. ConflictError when another edition of the
    plan is in force: amending a running plan moves duties, and is a deed of its own.
    """
    document = plan.model_dump_json()
    digest = hashlib.sha256(document.encode()).hexdigest()
    with ledger.transaction() as tx:
        held = {e.plan: e for e in editions.all_in_force(tx.conn)}.get(plan.plan)
        if held and held.digest != digest:
            raise ConflictError("edition-in-force", plan=plan.plan, edition=held.edition)
        done = Published(plan.plan, plan.edition, digest, len(plan.agencies), new=held is None)
        if held is None:
            edition = _edition(
                plan,
                digest=digest,
                document=document,
                published_at=at,
                published_by=actor,
                is_demo=demo,
            )
            changes = [edition, *_agencies(tx, plan)]
            tx.record("published", plan.plan, changes=changes, at=at, actor=actor)
    return done


def _edition(plan: Plan, **stamp: object) -> Change:
    values = {
        "title": plan.title,
        "issued_on": plan.issued_on,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "workdays_version": load_workdays(plan.workdays).version,
        "in_force": True,
        **stamp,
    }
    return Change("editions", (plan.plan, plan.edition), values, op="insert")


def _agencies(tx: Transaction, plan: Plan) -> list[Change]:
    known = tx.present("agencies", [a.id for a in plan.agencies])
    return [
        Change("agencies", a.id, {"name": a.name, "kind": a.kind, "host": a.host}, op="insert")
        for a in plan.agencies
        if a.id not in known
    ]
