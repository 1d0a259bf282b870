"""Recalculation after the working days of a plan were published or amended."""

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
    """Recalculate running duties when the working days have changed (docs/rules.md, Days).

    The plan's entry names the old and the new version, those of the duties whether their days are
    still provisional. Sent notices stay, ended duties stay, and a duty keeps the version of its
    creation. On all other days this costs one read.
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
    for duty in running:
        provisional = edition.workdays.is_provisional(duty.due_on)
        if provisional != duty.provisional:
            change = Change("duties", duty.key, {"provisional": provisional})
            _record(tx, tick, duty.key, change, workdays=[was, now])
    tx.lease(Change("duties", duty.key, _place(duty, edition, tick)) for duty in running)
    return Counts(recalendared=len(running))


def _record(tx: Transaction, tick: Tick, subject: str, change: Change, **note: Any) -> None:
    note["on"] = tick.on
    tx.record("recalendared", subject, changes=[change], note=note, at=tick.at, actor=tick.actor)


def _place(duty: Duty, edition: InForce, tick: Tick) -> dict[str, Any]:
    """Return the day of the next look at the duty and of its preparation, unless it rests."""
    looks = tick.on if duty.opened_on and duty.look_on else duty.look_on
    return {"look_on": looks, "prepare_on": edition.prepare_on(duty)}
