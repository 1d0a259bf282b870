"""Turn the obligations of a plan into the dated duties of the coming time."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING

from catalog.dates.days import A_DAY
from catalog.errors import ConflictError
from catalog.plans.expand import expand
from catalog.plans.terms import terms
from catalog.reports.preparation import prepares_on
from ledger.people import agencies
from ledger.plans import editions
from ledger.store.changes import Change
from tasks.in_force import in_force
from tasks.tick import Counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from catalog.plans.expand import DatedDuty
    from catalog.plans.succession import Heirs
    from ledger.session import Ledger
    from tasks.in_force import InForce
    from tasks.tick import Tick

PAGE = 2000
AHEAD = 2  # years: a plan of three stands in the ledger whole from its first sweep


def materialise(ledger: Ledger, tick: Tick) -> Counts:
    """Store each duty that opens until the end of the year after next; those there are left alone.

    Only the time not expanded yet is looked at, so on most days this costs one read. A day before
    the last sweep is refused (ConflictError): a clock set back must not pass unnoticed.
    """
    with ledger.read() as conn:
        held = in_force(conn, tick.plan)
    swept = held.row.swept_through
    if swept is not None and tick.on < swept:
        raise ConflictError("sweep-backwards", plan=tick.plan, on=tick.on, swept=swept)
    horizon = min(held.row.ends_on, dt.date(tick.on.year + AHEAD, 12, 31))
    known = held.row.expanded_through or held.row.issued_on - A_DAY
    if known >= horizon:
        return Counts()
    duties = expand(held.plan, since=known + A_DAY, until=horizon)
    counts = Counts(scheduled=sum(_store(ledger, tick, held, page) for page in _pages(duties)))
    with ledger.transaction() as tx:
        key = (held.row.plan, held.row.edition)
        tx.lease([Change("editions", key, {"expanded_through": horizon})])
    return counts


def _pages(duties: Iterable[DatedDuty]) -> Iterator[list[DatedDuty]]:
    walk = iter(duties)
    while page := list(islice(walk, PAGE)):
        yield page


def _store(ledger: Ledger, tick: Tick, held: InForce, page: list[DatedDuty]) -> int:
    with ledger.transaction() as tx:
        tx.hold("materialise", tick.plan)  # two first sweeps at once make each duty once
        if editions.in_force(tx.conn, tick.plan).edition != held.row.edition:
            raise ConflictError("edition-changed", plan=tick.plan, edition=held.row.edition)
        heirs = agencies.heirs(tx.conn)
        present = tx.present("duties", [duty.key for duty in page])
        new = [duty for duty in page if duty.key not in present]
        for duty in new:
            change = Change("duties", duty.key, row_of(duty, held, heirs), op="insert")
            tx.record("scheduled", duty.key, changes=[change], at=tick.at, actor=tick.actor)
        tx.lease([Change("duties", duty.key, first_looks(duty, held)) for duty in new])
    return len(new)


def first_looks(duty: DatedDuty, held: InForce) -> dict[str, object]:
    """Return the days on which a new duty is first looked at, and its material is prepared."""
    ladder, kind = held.plan.ladder, duty.obligation.kind
    prepared = prepares_on(kind, ladder, held.workdays, duty.opens_on, duty.due_on)
    return {"look_on": duty.opens_on, "prepare_on": prepared}


def row_of(duty: DatedDuty, held: InForce, heirs: Heirs) -> dict[str, object]:
    """Return the row of a new duty: its terms, and the stamp of the edition it is born under."""
    said = terms(held.row.plan, duty, heirs)._asdict()
    del said["says"]
    return {
        "plan": held.row.plan,
        "edition": held.row.edition,
        "measure": duty.measure.number,
        "obligation": duty.obligation.id,
        "party": duty.party,
        "period": duty.period,
        "ladder": held.plan.ladder.digest,
        "workdays_version": held.workdays.version,
        "provisional": held.workdays.is_provisional(duty.due_on),
        **said,
    }
