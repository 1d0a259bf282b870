"""Dated duties created from the obligations of a plan."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING

from catalog.dates.days import A_DAY
from catalog.errors import ConflictError
from catalog.ladder.timeline import timeline
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
AHEAD = 2  # years, so that the first sweep expands a plan of three years whole


def materialise(ledger: Ledger, tick: Tick) -> Counts:
    """Store the new duties that open by the end of the year after next.

    Only the time not yet expanded is considered, so on most days this costs one read. A day before
    the last sweep is refused (ConflictError), so that a clock set back is noticed.
    """
    with ledger.read() as conn:
        edition = in_force(conn, tick.plan)
    swept = edition.row.swept_through
    if swept is not None and tick.on < swept:
        raise ConflictError("sweep-backwards", plan=tick.plan, on=tick.on, swept=swept)
    horizon = min(edition.row.ends_on, dt.date(tick.on.year + AHEAD, 12, 31))
    expanded = edition.row.expanded_through or edition.row.issued_on - A_DAY
    if expanded >= horizon:
        return Counts()
    duties = expand(edition.plan, since=expanded + A_DAY, until=horizon)
    counts = Counts(scheduled=sum(_store(ledger, tick, edition, page) for page in _pages(duties)))
    with ledger.transaction() as tx:
        key = (edition.row.plan, edition.row.edition)
        tx.lease([Change("editions", key, {"expanded_through": horizon})])
    return counts


def _pages(duties: Iterable[DatedDuty]) -> Iterator[list[DatedDuty]]:
    walk = iter(duties)
    while page := list(islice(walk, PAGE)):
        yield page


def _store(ledger: Ledger, tick: Tick, edition: InForce, page: list[DatedDuty]) -> int:
    tick.go_on(ledger)
    with ledger.transaction() as tx:
        tx.hold("materialise", tick.plan)  # two first sweeps at once create each duty once
        if editions.in_force(tx.conn, tick.plan).edition != edition.row.edition:
            raise ConflictError("edition-changed", plan=tick.plan, edition=edition.row.edition)
        heirs = agencies.heirs(tx.conn)
        by_key = {each.key: each for duty in page for each in heirs.apart(tick.plan, duty)}
        present = tx.present("duties", list(by_key))
        new = [duty for key, duty in by_key.items() if key not in present]
        start_on = edition.row.start_on
        for duty in new:
            row = row_of(duty, edition, heirs, start_on=start_on)
            change = Change("duties", duty.key, row, op="insert")
            note = passed(duty, edition, start_on)
            tx.record(
                "scheduled", duty.key, changes=[change], note=note, at=tick.at, actor=tick.actor
            )
        looks = ((duty.key, first_looks(duty, edition, start_on=start_on)) for duty in new)
        tx.lease([Change("duties", key, days) for key, days in looks])
    return len(new)


def passed(duty: DatedDuty, edition: InForce, start_on: dt.date | None) -> dict[str, object]:
    """Return the note that names the rungs of a duty under way that fell before the start."""
    if start_on is None or not duty.opens_on < start_on <= duty.due_on:
        return {}
    days, has_quota = (duty.opens_on, duty.due_on), duty.quota is not None
    line = timeline(edition.plan.ladder, edition.workdays, *days, has_quota=has_quota)
    steps = line.between(duty.opens_on - A_DAY, start_on - A_DAY)
    return {"start_on": start_on, "passed": [step.key for step in steps]}


def first_looks(
    duty: DatedDuty, edition: InForce, *, start_on: dt.date | None
) -> dict[str, object]:
    """Return the first day to look at a new duty, and the day to prepare its material.

    One that is past has none.
    """
    if start_on is not None and duty.due_on < start_on:
        return {"look_on": None, "prepare_on": None}
    ladder, kind = edition.plan.ladder, duty.obligation.kind
    opens_on = max(duty.opens_on, start_on or duty.opens_on)
    prepared = prepares_on(kind, ladder, edition.workdays, opens_on, duty.due_on)
    return {"look_on": opens_on, "prepare_on": prepared}


def row_of(
    duty: DatedDuty, edition: InForce, heirs: Heirs, *, start_on: dt.date | None
) -> dict[str, object]:
    """Return the row of a new duty: its terms, and the edition at its creation.

    Due before `start_on` it is past; under way then it opens on that day, and one that does not
    recur keeps the days of the plan as those that it covers (docs/rules.md, Where a ledger starts).
    """
    fields = terms(edition.row.plan, duty, heirs)._asdict()
    if start_on is not None and duty.due_on < start_on:
        fields["past_on"] = start_on
    elif start_on is not None and duty.opens_on < start_on:
        if duty.covers_from is None:
            fields |= {"covers_from": duty.opens_on, "covers_until": duty.due_on}
        fields["opens_on"] = start_on
    del fields["says"]
    return {
        "plan": edition.row.plan,
        "edition": edition.row.edition,
        "measure": duty.measure.number,
        "obligation": duty.obligation.id,
        "party": duty.party,
        "period": duty.period,
        "ladder": edition.plan.ladder.digest,
        "workdays_version": edition.workdays.version,
        "provisional": edition.workdays.is_provisional(duty.due_on),
        **fields,
    }
