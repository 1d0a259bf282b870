"""The plan chosen in the setting up: of the catalogue, a settled draft, a file, or an empty one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from catalog.errors import ConflictError
from catalog.offices.plan_fitting import fitted
from catalog.plans import file as plan_file
from catalog.plans.contents import Agency
from catalog.plans.file import PlanFile
from catalog.plans.load import load_plan, plan_of
from catalog.plans.model import Plan
from catalog.plans.office_dates import Decision, decide
from ledger.people import agencies
from ledger.post import contacts
from tasks.plans import settling
from tasks.setup.founding import office

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.session import Connection

CATALOGUE, DRAFT, FILE, EMPTY = "catalogue", "draft", "file", "empty"


def chosen_plan(conn: Connection, choice: Mapping[str, Any]) -> Plan:
    """Return the plan of a choice as it is written, its open dates undecided.

    NotFoundError for a draft that is gone, ConflictError for one that is not settled.
    """
    if choice["of"] == CATALOGUE:
        return load_plan(choice["plan"])
    if choice["of"] == DRAFT:
        return settling.made(settling.settling(conn, choice["draft"]))
    if choice["of"] == FILE:
        return plan_of(plan_file.parse(choice["text"].encode(), choice["name"]))
    return empty_plan(conn, choice)


def dated_plan(conn: Connection, choice: Mapping[str, Any]) -> Plan:
    """Return the plan of a choice with the days that were decided, fitted to this office."""
    our_office = office(conn)
    if our_office is None:
        raise ConflictError("setup-no-office")
    plan = decide(chosen_plan(conn, choice), decisions(choice))
    rows = [row for row in contacts.agencies(conn).values() if row.id != our_office.id]
    registered = [_agency(row) for row in rows if agencies.ended_on(conn, row.id) is None]
    return fitted(plan, _agency(our_office), registered)


def decisions(choice: Mapping[str, Any]) -> dict[str, Decision]:
    """Return the days that the office decided for the plan of a choice."""
    days = choice.get("dates") or {}
    return {o: Decision(dt.date.fromisoformat(day), why or None) for o, (day, why) in days.items()}


def empty_plan(conn: Connection, choice: Mapping[str, Any]) -> Plan:
    """Return a plan without measures, for an office that has duties beside a plan alone.

    InvalidError for a zone, a calendar or days that no plan can have.
    """
    our_office = office(conn)
    if our_office is None:
        raise ConflictError("setup-no-office")
    fields = {name: choice[name] for name in ("plan", "title", "zone", "workdays")}
    fields |= {name: dt.date.fromisoformat(choice[name]) for name in ("issued_on", "ends_on")}
    fields |= {"starts_on": fields["issued_on"], "office": our_office.id}
    fields |= {"agencies": (_agency(our_office),), "measures": ()}
    try:
        return Plan.model_validate(fields)
    except ValidationError as error:
        raise PlanFile(choice["title"], {}, {}).refusal(error) from error


def _agency(row: Any) -> Agency:
    aliases = tuple(getattr(row, "aliases", ()) or ())
    return Agency(id=row.id, name=row.name, kind=row.kind, host=row.host, aliases=aliases)
