"""Reckon anew from working days that were published or amended after the plan was put in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.duties import conditions, duties
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.tick import Counts

if TYPE_CHECKING:
    from ledger.duties.duties import Duty
    from ledger.session import Ledger, Transaction
    from tasks.in_force import InForce
    from tasks.tick import Tick


def recalendar(ledger: Ledger, tick: Tick) -> Counts:
    """Look at running duties again when the working days have changed (docs/rules.md, Days).

    The entry on the plan tells the old version and the new one, those on the duties whether their
    days are still provisional. What was told stays told, what has ended stays as it was; a duty
    keeps the version it was born under. On all other days this costs one read.
    """
    with ledger.read() as conn:
        if _is_current(in_force(conn, tick.plan)):
            return Counts()
    with ledger.transaction(alone=True) as tx:
        held = in_force(tx.conn, tick.plan)
        if _is_current(held):
            return Counts()
        return _reckon(tx, held, tick)


def _is_current(held: InForce) -> bool:
    return held.row.workdays_version == held.workdays.version


def _reckon(tx: Transaction, held: InForce, tick: Tick) -> Counts:
    was, now = held.row.workdays_version, held.workdays.version
    running = conditions.of(plan=tick.plan) & conditions.UNFINISHED
    found = duties.chosen(tx.conn, running, lock=True)
    key = (held.row.plan, held.row.edition)
    edition = Change("editions", key, {"workdays_version": now}, expected={"workdays_version": was})
    _record(tx, tick, tick.plan, edition, workdays=[was, now])
    for duty in found:
        provisional = held.workdays.is_provisional(duty.due_on)
        if provisional != duty.provisional:
            change = Change("duties", duty.key, {"provisional": provisional})
            _record(tx, tick, duty.key, change, workdays=[was, now])
    tx.lease(Change("duties", duty.key, _place(duty, held, tick)) for duty in found)
    return Counts(recalendared=len(found))


def _record(tx: Transaction, tick: Tick, subject: str, change: Change, **note: Any) -> None:
    note["on"] = tick.on
    tx.record("recalendared", subject, changes=[change], note=note, at=tick.at, actor=tick.actor)


def _place(duty: Duty, held: InForce, tick: Tick) -> dict[str, Any]:
    """Return when the duty is looked at next and its material prepared; a resting one rests on."""
    looks = tick.on if duty.opened_on and duty.look_on else duty.look_on
    return {"look_on": looks, "prepare_on": held.prepare_on(duty)}
