"""Turn the obligations of a plan into the dated duties of the coming time."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING

from catalog.duty import expand
from catalog.errors import ConflictError
from ledger.changes import Change
from tasks.editions import in_force
from tasks.tick import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from catalog.duty import Duty
    from ledger.session import Ledger
    from tasks.editions import InForce
    from tasks.tick import Tick

PAGE = 2000


def materialise(ledger: Ledger, tick: Tick) -> Counts:
    """Store every duty that opens until the end of next year; a duty stored before is left alone.

    Only the time not expanded yet is looked at, so on most days this costs one read. A day before
    the last sweep is refused (ConflictError): a clock set back must not pass unnoticed.
    """
    with ledger.read() as conn:
        held = in_force(conn, tick.plan)
    swept = held.row.swept_through
    if swept is not None and tick.on < swept:
        raise ConflictError("sweep-backwards", plan=tick.plan, on=tick.on, swept=swept)
    horizon = min(held.row.ends_on, dt.date(tick.on.year + 1, 12, 31))
    known = held.row.expanded_through or held.row.issued_on - dt.timedelta(days=1)
    if known >= horizon:
        return Counts()
    duties = expand(held.plan, since=known + dt.timedelta(days=1), until=horizon)
    counts = Counts(scheduled=sum(_store(ledger, tick, held, page) for page in _pages(duties)))
    with ledger.transaction() as tx:
        key = (held.row.plan, held.row.edition)
        tx.lease([Change("editions", key, {"expanded_through": horizon})])
    return counts


def _pages(duties: Iterable[Duty]) -> Iterator[list[Duty]]:
    walk = iter(duties)
    while page := list(islice(walk, PAGE)):
        yield page


def _store(ledger: Ledger, tick: Tick, held: InForce, page: list[Duty]) -> int:
    stamp = _stamp(held)
    with ledger.transaction() as tx:
        present = tx.present("duties", [duty.key for duty in page])
        new = [duty for duty in page if duty.key not in present]
        for duty in new:
            row = _row(duty) | stamp | {"provisional": held.workdays.is_provisional(duty.due_on)}
            change = Change("duties", duty.key, row, op="insert")
            tx.record("scheduled", duty.key, changes=[change], at=tick.at, actor=tick.actor)
        tx.lease([Change("duties", duty.key, {"look_on": duty.opens_on}) for duty in new])
    return len(new)


def _stamp(held: InForce) -> dict[str, object]:
    """Return what every duty keeps of the edition it was born under."""
    return {
        "plan": held.row.plan,
        "edition": held.row.edition,
        "ladder": held.plan.ladder.digest,
        "workdays_version": held.workdays.version,
    }


def _row(duty: Duty) -> dict[str, object]:
    quota = duty.obligation.quota
    return {
        "measure": duty.measure.number,
        "obligation": duty.obligation.id,
        "kind": duty.obligation.kind,
        "title": duty.obligation.title,
        "party": duty.party,
        "period": duty.period,
        "lead": duty.measure.lead,
        "performer": duty.performer,
        "participants": duty.measure.participants,
        "basis": duty.obligation.basis,
        "opens_on": duty.opens_on,
        "due_on": duty.due_on,
        "quota_min": quota.min if quota else None,
        "quota_max": quota.max if quota else None,
    }
