"""What became of agencies: their successions, and the name each had on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from catalog.plans.succession import ENDS, Heirs, Succession
from ledger.duties import conditions, duties
from ledger.post import contacts
from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

    from ledger.duties.duties import Duty
    from ledger.post.contacts import Agency

SUCCESSIONS = TABLES["successions"]


def successions(conn: sa.Connection, *, agency: str | None = None) -> list[Succession]:
    """Return what became of all agencies, or of one, in the order it happened."""
    query = sa.select(SUCCESSIONS).order_by(SUCCESSIONS.c.on, SUCCESSIONS.c.id)
    if agency is not None:
        query = query.where(SUCCESSIONS.c.agency == agency)
    rows = conn.execute(query).mappings()
    return [Succession(**{**row, "measures": measures(row["measures"])}) for row in rows]


def heirs(conn: sa.Connection) -> Heirs:
    """Return who holds today what a plan gave to an agency."""
    return Heirs(successions(conn))


def ended_on(conn: sa.Connection, agency: str) -> date | None:
    """Return the day from which the agency is no more, None while it is there."""
    found = successions(conn, agency=agency)
    return next((s.on for s in found if s.kind in ENDS), None)


def name_on(conn: sa.Connection, agency: str, on: date) -> str:
    """Return the name of the agency on day `on`; the past keeps the old one."""
    return agencies_on(conn, on)[agency].name


def agencies_on(conn: sa.Connection, on: date) -> dict[str, Agency]:
    """Return every agency by its id, under the name it had on day `on`."""
    found = contacts.agencies(conn)
    for step in reversed(successions(conn)):
        if step.kind == "renamed" and step.on > on:
            found[step.agency] = found[step.agency].model_copy(update={"name": step.former_name})
    return found


def measures(kept: str) -> frozenset[str]:
    """Return the measures of a row of `successions`, each `plan/number`; empty for all."""
    return frozenset(kept.split(",")) if kept else frozenset()


def open_duties(conn: sa.Connection, agency: str) -> list[Duty]:
    """Return the duties by key, neither closed nor waived, in which the agency has a part."""
    return duties.chosen(conn, conditions.concerning([agency]), conditions.UNFINISHED)
