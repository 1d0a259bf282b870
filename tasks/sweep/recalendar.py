"""Recalculation after the working days of a plan were published or amended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.plans.expand import expand
from ledger.duties import conditions, duties
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.tick import Counts

if TYPE_CHECKING:
    from catalog.plans.contents import Obligation
    from catalog.plans.expand import DatedDuty
    from ledger.duties.duties import Duty
    from ledger.session import Ledger, Transaction
    from tasks.in_force import InForce
    from tasks.tick import Tick


def recalendar(ledger: Ledger, tick: Tick) -> Counts:
    """Recalculate running duties when the working days have changed (docs/rules.md, Days).

    A day counted in working days moves with them, as a due date of a new version. The plan's entry
    names the old and the new version, those of the duties whether their days are still provisional.
    Sent notices stay, ended duties stay, and a duty keeps the version of its creation. On all other
    days this costs one read.
    """
    with ledger.read() as conn:
        if _is_current(in_force(conn, tick.plan)):
            return Counts()
    with ledger.transaction(alone=True) as tx:
        edition = in_force(tx.conn, tick.plan)
        if _is_current(edition):
            return Counts()
        return _recalculate(tx, edition, tick)


def _is_current(edition: InForce) -> bool:
    return edition.row.workdays_version == edition.workdays.version


def _recalculate(tx: Transaction, edition: InForce, tick: Tick) -> Counts:
    was, now = edition.row.workdays_version, edition.workdays.version
    unfinished = conditions.of(plan=tick.plan) & conditions.UNFINISHED
    running = duties.chosen(tx.conn, unfinished, lock=True)
    key = (edition.row.plan, edition.row.edition)
    row = Change("editions", key, {"workdays_version": now}, expected={"workdays_version": was})
    _record(tx, tick, tick.plan, row, workdays=[was, now])
    counted = _counted(edition)
    moved = [_moved(duty, edition, tick, counted.get(duty.key)) for duty in running]
    for before, after in zip(running, moved, strict=True):
        changes = _changes(before, after, tick, version=now)
        if changes:
            _record(tx, tick, after.key, *changes, workdays=[was, now])
    tx.lease(Change("duties", duty.key, _place(duty, edition, tick)) for duty in moved)
    return Counts(recalendared=len(running))


def _counted(edition: InForce) -> dict[str, DatedDuty]:
    """Return the duties whose days are counted in working days, by their keys."""
    plan = edition.plan
    if not any(_counts(o) for m in plan.measures for o in m.all_obligations):
        return {}
    dated = expand(plan, since=plan.issued_on, until=plan.ends_on)
    return {duty.key: duty for duty in dated if _counts(duty.obligation)}


def _counts(obligation: Obligation) -> bool:
    return "working days" in (obligation.opens.unit, obligation.due.unit)


def _moved(duty: Duty, edition: InForce, tick: Tick, dated: DatedDuty | None) -> Duty:
    """Return the duty with its days by the new table; a date that a person moved stays.

    No due date is moved into the past.
    """
    values: dict[str, Any] = {}
    if dated and duty.due_version == 1 and dated.due_on != duty.due_on:
        due_on = max(dated.due_on, min(duty.due_on, tick.on))
        values = {"due_on": due_on, "due_version": duty.due_version + 1}
    if dated and duty.opened_on is None:
        values["opens_on"] = max(dated.opens_on, min(duty.opens_on, tick.on))
    due_on = values.get("due_on", duty.due_on)
    return duty.model_copy(
        update={**values, "provisional": edition.workdays.is_provisional(due_on)}
    )


def _changes(before: Duty, after: Duty, tick: Tick, *, version: str) -> list[Change]:
    values = {
        name: getattr(after, name)
        for name in ("opens_on", "due_on", "due_version", "provisional")
        if getattr(after, name) != getattr(before, name)
    }
    changes = [Change("duties", after.key, values)] if values else []
    if "due_version" in values:
        was = {
            "due_on": before.due_on,
            "moved_on": tick.on,
            "moved_by": tick.actor,
            "deed": "recalendared",
            "reason": f"working days {version}",
        }
        changes.append(Change("due_dates", (before.key, before.due_version), was, "insert"))
    return changes


def _record(tx: Transaction, tick: Tick, subject: str, *changes: Change, **note: Any) -> None:
    note["on"] = tick.on
    tx.record("recalendared", subject, changes=changes, note=note, at=tick.at, actor=tick.actor)


def _place(duty: Duty, edition: InForce, tick: Tick) -> dict[str, Any]:
    """Return the day of the next look at the duty and of its preparation, unless it rests."""
    looks = tick.on if duty.opened_on and duty.look_on else duty.look_on
    return {"look_on": looks, "prepare_on": edition.prepare_on(duty)}
