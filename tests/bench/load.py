"""A synthetic plan, and ledgers with many of its duties, an exact number of them due each day."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from itertools import islice
from math import ceil
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.workdays import load_workdays
from catalog.plans.contents import Agency, Measure, Obligation
from catalog.plans.expand import expand
from catalog.plans.model import Plan
from ledger.duties.duties import DUTIES
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from ledger.store import bulk_rows
from ledger.store.changes import Change
from tasks.plans.publish import publish
from tasks.post.contacts import Contact, reach
from tasks.sweep_time import sweep_instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from catalog.plans.expand import DatedDuty
    from ledger.session import Transaction

CODE = "bench"
CITIES = 200
MEASURES = 20
OBLIGATIONS = 3  # monthly, by every city: 12,000 duties a month, 1,440,000 over the term
OF_A_CITY = MEASURES * OBLIGATIONS * 120  # duties over the term
FIRST_DAY = dt.date(2019, 3, 4)
ROWS_AT_ONCE = 50_000
# Days from a due date to its rung, in the proportion in which a day meets them.
RUNG_DAYS = (-30, -30, -30, -7, -7, -7, -1, 1, 7, 15)


class Due(NamedTuple):
    """The day of a duty's next look and the rung that falls then, in days after its due date."""

    on: dt.date
    days: int


def plan(held: int = 0) -> Plan:
    """Return ten years of monthly duties of 200 cities under twenty departments.

    There are more cities if the `held` duties need them.
    """
    leads = [f"department-{n}" for n in range(MEASURES)]
    cities = [f"city-{n}" for n in range(max(CITIES, ceil(held / OF_A_CITY)))]
    return Plan(
        plan=CODE,
        title="基準計劃",
        issued_on=dt.date(2014, 1, 1),
        starts_on=dt.date(2014, 1, 1),
        ends_on=dt.date(2023, 12, 31),
        office="office",
        agencies=(
            Agency(id="office", name="協調辦公室", kind="office", host=leads[0]),
            *(Agency(id=lead, name=f"廳{lead}", kind="department") for lead in leads),
            *(Agency(id=city, name=f"市{city}", kind="city") for city in cities),
        ),
        measures=tuple(_measure(n, lead, tuple(cities)) for n, lead in enumerate(leads, 1)),
    )


def _measure(number: int, lead: str, cities: tuple[str, ...]) -> Measure:
    return Measure(
        number=str(number),
        chapter="一",
        section="一",
        title=f"措施{number}",
        lead=lead,
        participants=cities[:3],
        obligations=tuple(
            Obligation(
                id=f"{number}.report-{n}",
                kind="report",
                title=f"按月報送第{n}項進展情況",
                says="每月報送",
                basis="plan",
                recurrence="monthly",
                parties=cities,
            )
            for n in range(OBLIGATIONS)
        ),
    )


def days(count: int, *, after: int = 0) -> list[dt.date]:
    """Return `count` working days from FIRST_DAY on, without the first `after`."""
    calendar = load_workdays("CN")
    return [calendar.add(FIRST_DAY, n) for n in range(after, after + count)]


def fill(home: Path, *, held: int, due: Mapping[dt.date, int], database: str = "") -> Ledger:
    """Return a ledger with `held` duties, a fixed number of them due each day.

    It lies in `home`, or in the `database` of that address.
    """
    ledger = opened(home, database)
    whole = plan(held)
    at = sweep_instant(whole.zone, whole.issued_on)
    publish(ledger, whole, at=at, actor="bench")
    introduce(ledger, whole, at)
    duties = islice(expand(whole, since=whole.starts_on, until=whole.ends_on), held)
    places = _places(held, due)
    rows = (row(whole, duty, places.get(n)) for n, duty in enumerate(duties))
    with ledger.transaction() as tx:
        insert(tx, rows)
        tx.lease([Change("editions", (CODE, 1), {"expanded_through": whole.ends_on})])
    return ledger


def opened(home: Path, database: str = "") -> Ledger:
    """Open the ledger in `home`, or in the `database` of that address."""
    return Ledger.open(load_settings({"DUBAN_HOME": str(home), "DUBAN_DATABASE_URL": database}))


def lay_aside(home: Path, on: dt.date) -> None:
    """Remove the duties of `on` from later days, so that each day has its own duties only."""
    with closing(sqlite3.connect(home / "duban.db")) as conn, conn:
        conn.execute(
            "UPDATE duties SET look_on = NULL"
            ' WHERE key IN (SELECT duty FROM notices WHERE "on" = ?)',
            [on.isoformat()],
        )


def introduce(ledger: Ledger, whole: Plan, at: dt.datetime) -> None:
    addresses = [
        Contact(agency.id, position, "mail", f"{position}.{agency.id}@bench.invalid")
        for agency in whole.agencies
        for position in ("officer", "head", "leader")
    ]
    reach(ledger, addresses, at=at, actor="bench")


def _places(held: int, due: Mapping[dt.date, int]) -> dict[int, Due]:
    """Spread the due duties evenly over all duties, the same way every time."""
    turns = [
        Due(day, RUNG_DAYS[n % len(RUNG_DAYS)]) for day, count in due.items() for n in range(count)
    ]
    return dict(zip(Random(held).sample(range(held), len(turns)), turns, strict=True))


def row(whole: Plan, duty: DatedDuty, due: Due | None) -> dict[str, object]:
    opens_on, due_on, look_on = duty.opens_on, duty.due_on, whole.ends_on
    if due:
        look_on, due_on = due.on, due.on - dt.timedelta(due.days)
        opens_on = due_on - dt.timedelta(300)
    return {
        "key": duty.key,
        "plan": CODE,
        "edition": whole.edition,
        "measure": duty.measure.number,
        "obligation": duty.obligation.id,
        "kind": duty.obligation.kind,
        "title": duty.obligation.title,
        "party": duty.party,
        "period": duty.period,
        "lead": duty.measure.lead,
        "performer": duty.performer,
        "participants": duty.measure.participants,
        "basis": "plan",
        "opens_on": opens_on,
        "due_on": due_on,
        "workdays_version": load_workdays(whole.workdays).version,
        "ladder": whole.ladder.digest,
        "opened_on": opens_on,
        "acknowledged_on": opens_on,
        "told_through": look_on - dt.timedelta(1),
        "look_on": look_on,
    }


def insert(tx: Transaction, rows: Iterator[dict[str, object]]) -> None:
    while some := list(islice(rows, ROWS_AT_ONCE)):
        values = [tuple(row.values()) for row in some]
        bulk_rows.insert(tx.conn, DUTIES, names=list(some[0]), rows=values)
