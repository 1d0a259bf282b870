"""Successions of agencies, and the name of each on a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from catalog.offices.agency_names import AgencyNames
from catalog.plans.succession import ENDS, Heirs, Naming, Succession
from ledger.duties import conditions, duties
from ledger.post import contacts
from ledger.tables import TABLES

if TYPE_CHECKING:
    from catalog.plans.contents import Measure
    from ledger.duties.duties import Duty
    from ledger.post.contacts import Agency

SUCCESSIONS = TABLES["successions"]
NAMINGS = TABLES["namings"]
__all__ = ["ENDS"]


def successions(conn: sa.Connection, *, agency: str | None = None) -> list[Succession]:
    """Return the successions by day: all, or those of an agency."""
    query = sa.select(SUCCESSIONS).order_by(SUCCESSIONS.c.on, SUCCESSIONS.c.id)
    if agency is not None:
        query = query.where(SUCCESSIONS.c.agency == agency)
    rows = conn.execute(query).mappings()
    return [Succession(**{**row, "measures": measures(row["measures"])}) for row in rows]


def heirs(conn: sa.Connection) -> Heirs:
    """Return the current holders of what a plan assigned to agencies."""
    return Heirs(successions(conn), namings(conn))


def namings(conn: sa.Connection, *, plan: str | None = None) -> list[Naming]:
    """Return the namings of the bodies of open groups, in their order: all, or those of a plan."""
    query = sa.select(NAMINGS).order_by(NAMINGS.c.id)
    if plan is not None:
        query = query.where(NAMINGS.c.plan == plan)
    return [Naming(**row) for row in conn.execute(query).mappings()]


def unnamed(conn: sa.Connection, plan: str) -> dict[str, list[str]]:
    """Return the open groups with a part in unfinished duties of `plan`, with their measures.

    Nobody reads the letters to a group: the office has to name its bodies first.
    """
    measure, groups = TABLES["duties"].c.measure, {}
    for agency in contacts.agencies(conn).values():
        if agency.kind == "open-group":
            query = (
                sa.select(measure)
                .distinct()
                .where(
                    conditions.of(plan=plan),
                    conditions.concerning([agency.id]),
                    conditions.UNFINISHED,
                )
            )
            groups[agency.id] = sorted(
                conn.scalars(query), key=lambda number: (len(number), number)
            )
    return {group: measures for group, measures in groups.items() if measures}


def measure_today(conn: sa.Connection, plan: str, measure: Measure) -> Measure:
    """Return `measure` with the agencies that hold its parts today."""
    heirs_of_all = heirs(conn)
    lead = heirs_of_all.of(measure.lead, plan, measure.number)
    others = heirs_of_all.participants(measure.participants, plan, measure.number, lead=lead)
    return measure.model_copy(update={"lead": lead, "participants": others})


def ended_on(conn: sa.Connection, agency: str) -> date | None:
    """Return the day from which the agency no longer exists, None while it does."""
    return next((s.on for s in successions(conn, agency=agency) if s.kind in ENDS), None)


def name_on(conn: sa.Connection, agency: str, on: date) -> str:
    """Return the name the agency had on day `on`."""
    return agencies_on(conn, on)[agency].name


def agencies_on(conn: sa.Connection, on: date = date.max) -> AgencyNames[Agency]:
    """Return every agency by its id, under the name it had on day `on`, or the last it had."""
    return AgencyNames(contacts.agencies(conn), successions(conn), on)


def measures(text: str) -> frozenset[str]:
    """Return the measures of a row of `successions`, each `plan/number`; empty for all."""
    return frozenset(text.split(",")) if text else frozenset()


def open_duties(conn: sa.Connection, agency: str) -> list[Duty]:
    """Return the duties, neither closed nor waived, in which the agency has a part, by key."""
    unended = conditions.UNFINISHED | conditions.UNSETTLED
    return duties.chosen(conn, conditions.concerning([agency]), unended)
