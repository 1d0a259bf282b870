"""Publication of a plan's edition: its agencies are registered, and sweeps create its duties."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.errors import ConflictError, InvalidError
from ledger.plans import editions
from ledger.store.changes import Change
from tasks.act import Act
from tasks.agencies.registering import agency_values
from tasks.clock import time_zone
from tasks.in_force import in_force
from tasks.plans.amend import Amendment
from tasks.plans.belonging import adopted, check_belongs
from tasks.tick import Counts

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from catalog.plans.difference import Difference
    from catalog.plans.model import Plan
    from catalog.plans.office_dates import Decision
    from ledger.session import Ledger, Transaction
    from tasks.in_force import InForce


class Published(NamedTuple):
    """The result of publishing; `new` is False if that very edition was in force already.

    `difference` lists the changes of an amendment, None for a first edition; `counts` are the
    duties scheduled, amended, waived and reinstated.
    """

    plan: str
    edition: int
    digest: str
    agencies: int
    new: bool
    difference: Difference | None = None
    counts: Counts = Counts()


def publish(
    ledger: Ledger,
    plan: Plan,
    *,
    at: dt.datetime,
    actor: str,
    demo: bool = False,
    start_on: dt.date | None = None,
    source: Mapping[str, Any] | None = None,
) -> Published:
    """Record `plan` as the edition in force and register its agencies, in one transaction.

    Publishing the same plan twice changes nothing. A higher edition amends the one in force: its
    duties follow at once, and reports, notices and decisions stay (docs/rules.md, Amendments and
    reorganisations). The entry also records `source`: the document it was read from, and who
    confirmed what. The ladder speaks from `start_on`: of a first edition the day of `at` unless one
    is given, of a demonstration the issue day; an amendment carries it over (docs/rules.md, Where a
    ledger starts).

    InvalidError if the date of an obligation is still to be decided (docs/rules.md, Office dates).
    ConflictError if another text has the number of a past edition or another issue date, and for
    a plan of another office than the ledger's (`check_belongs`).
    """
    check_dated(plan)
    with ledger.transaction(alone=True) as tx:
        plan = adopted(tx.conn, plan)
        document = plan.model_dump_json()
        digest = hashlib.sha256(document.encode()).hexdigest()
        result = Published(plan.plan, plan.edition, digest, len(plan.agencies), new=True)
        before = _before(tx, plan)
        if before and before.plan == plan:
            return result._replace(new=False, digest=before.row.digest)
        check_belongs(tx.conn, plan)
        if before:
            check(before, plan)
            demo = before.row.is_demo
        stamp: dict[str, Any] = {"published_at": at, "published_by": actor, "is_demo": demo}
        if before:
            stamp |= {name: getattr(before.row, name) for name in ("start_on", "slips_held")}
            # a sweep recomputes the existing duties if the working days differ
            stamp["workdays_version"] = before.row.workdays_version
        else:
            stamp["start_on"] = start_on or (plan.issued_on if demo else _day(plan, at))
        edition = _edition(plan, digest=digest, document=document, **stamp)
        changes = [*_retired(before), edition, *_agencies(tx, plan)]
        note = {"edition": plan.edition, **({"source": source} if source else {})}
        if before is None:
            note["start_on"] = stamp["start_on"]
        tx.record("published", plan.plan, changes=changes, note=note, at=at, actor=actor)
        if before is None:
            return result
        _carry_on(tx, before, plan)
        act = Act(actor, _day(plan, at), at)
        amendment = Amendment(tx, before, in_force(tx.conn, plan.plan), act)
        counts = amendment.apply(sender=ledger.settings.sender)
    return result._replace(difference=amendment.difference, counts=counts)


def check_dated(plan: Plan) -> None:
    """Refuse a plan with an obligation that has no date."""
    undated = [o.id for m in plan.measures for o in m.obligations if o.is_undated]
    if undated:
        first, count = undated[0], len(undated)
        raise InvalidError("plan-undated", place=plan.plan, count=count, first=first)


def decided(decisions: Mapping[str, Decision]) -> dict[str, Any]:
    """Return what the entry of a publication records of the dates that the office decided."""
    if not decisions:
        return {}
    return {"office_dates": {name: [f"{d.due_on}", d.reason] for name, d in decisions.items()}}


def _day(plan: Plan, at: dt.datetime) -> dt.date:
    """Return the calendar day of an instant in the plan's zone."""
    return at.astimezone(time_zone(plan.zone)).date()


def _before(tx: Transaction, plan: Plan) -> InForce | None:
    codes = {edition.plan for edition in editions.all_in_force(tx.conn)}
    return in_force(tx.conn, plan.plan) if plan.plan in codes else None


def check(before: InForce, plan: Plan) -> None:
    """Refuse an edition that does not follow the one in force.

    The issue date is the day the first duties opened; an amendment counts from its own day.
    """
    if plan.edition <= before.row.edition:
        raise ConflictError("edition-in-force", plan=plan.plan, edition=before.row.edition)
    for name in ("issued_on", "zone"):
        value = getattr(before.plan, name)
        if getattr(plan, name) != value:
            raise ConflictError("amendment-head", plan=plan.plan, name=name, value=value)


def _retired(before: InForce | None) -> list[Change]:
    if before is None:
        return []
    key = (before.row.plan, before.row.edition)
    return [Change("editions", key, {"in_force": False}, expected={"in_force": True})]


def _carry_on(tx: Transaction, before: InForce, plan: Plan) -> None:
    """Copy the sweep's progress from the old edition to the new one."""
    row = before.row
    place = {"expanded_through": row.expanded_through, "swept_through": row.swept_through}
    tx.lease([Change("editions", (plan.plan, plan.edition), place)])


def _edition(plan: Plan, **stamp: object) -> Change:
    values = {
        "title": plan.title,
        "issued_on": plan.issued_on,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "workdays_version": plan.calendar.version,
        "in_force": True,
        **stamp,
    }
    return Change("editions", (plan.plan, plan.edition), values, op="insert")


def _agencies(tx: Transaction, plan: Plan) -> list[Change]:
    registered = tx.present("agencies", [a.id for a in plan.agencies])
    return [
        Change("agencies", a.id, agency_values(a), op="insert")
        for a in plan.agencies
        if a.id not in registered
    ]
