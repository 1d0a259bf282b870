"""`/api/…`: what was promised and by whom: plans, targets with their readings, agencies."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from pydantic import BaseModel

from catalog.errors import NotFoundError
from catalog.plans.document import plan_document
from desk.api import plan_shapes as shapes
from desk.api.by_token import ByToken, entering
from desk.api.documents import target_document
from desk.api.idempotent import REFUSALS, Key, once
from desk.web.visit import Visit
from ledger.people import agencies as register
from ledger.plans import editions
from ledger.post import contacts
from tasks.in_force import in_force
from tasks.post.contacts import Contact, Position, reach
from tasks.reports.targets import target_reports

router = APIRouter(prefix="/api", responses=REFUSALS, tags=["plans"])
Planning = Annotated[Visit, Depends(entering("see-plans"))]
Administrator = Annotated[Visit, Depends(entering("administer"))]
POSITIONS = ("officer", "head", "leader")


class Address(BaseModel):
    """Where a position is reached by a channel."""

    position: Position
    channel: str = "mail"
    address: str


@router.get("/plans", response_model=list[shapes.PlanInForce])
def plans(visit: Planning) -> list[dict[str, Any]]:
    """List the plans in force."""
    said = ("plan", "edition", "title", "issued_on", "starts_on", "ends_on")
    return [
        {name: getattr(each, name) for name in said} | {"demo": each.is_demo}
        for each in visit.plans
    ]


@router.get("/plans/{plan}", response_model=shapes.Plan, response_model_exclude_unset=True)
def plan(visit: Planning, plan: str) -> dict[str, Any]:
    """Return a plan in force whole, as `duban plan show --json` prints it."""
    with visit.read() as conn:
        return plan_document(in_force(conn, plan).plan)


@router.get("/targets", response_model=list[shapes.Target])
def targets(visit: ByToken) -> list[dict[str, Any]]:
    """List the targets of every plan in force with their readings; an agency sees those it leads.

    A figure is reported by the deed `report-reading` on the duty of its year.
    """
    me = visit.actor
    with visit.read() as conn:
        named = contacts.agencies(conn)
        held = [t for each in editions.all_in_force(conn) for t in target_reports(conn, each.plan)]
        seen = [t for t in held if me.kind != "agency" or t.lead in me.agencies]
        return [target_document(target, named) for target in seen]


@router.get("/agencies", response_model=list[shapes.Agency])
def agencies(visit: ByToken) -> list[dict[str, Any]]:
    """List the registered agencies, and what became of each."""
    with visit.read() as conn:
        known, became = contacts.agencies(conn), register.successions(conn)
    told = ("kind", "on", "successor", "document", "former_name")
    return [
        each.model_dump()
        | {
            "became": [
                {name: getattr(step, name) for name in told}
                for step in became
                if step.agency == each.id
            ]
        }
        for each in known.values()
    ]


@router.get("/agencies/{agency}/contacts", response_model=shapes.Contacts)
def reached(visit: Administrator, agency: str) -> dict[str, Any]:
    """Return where the positions of an agency are reached."""
    return _contacts(visit, agency)


@router.post("/agencies/{agency}/contacts", response_model=shapes.Contacts)
def say_contact(visit: Administrator, agency: str, said: Address, same: Key = None) -> Response:
    """Say where a position of an agency is reached."""
    if said.channel not in {"mail", *visit.desk.settings.channels}:
        raise NotFoundError("channel-unknown", name=said.channel)
    found = Contact(agency, said.position, said.channel, said.address.strip())
    return once(
        visit,
        same,
        said.model_dump(),
        lambda: reach(visit.ledger, [found], at=visit.now.at, actor=visit.actor.user),
        lambda _: _contacts(visit, agency),
    )


def _contacts(visit: Visit, agency: str) -> dict[str, Any]:
    with visit.read() as conn:
        if agency not in contacts.agencies(conn):
            raise NotFoundError("agency-unknown", agency=agency)
        reached = contacts.contacts(conn)
    return {"agency": agency} | {p: reached.get((agency, p), {}) for p in POSITIONS}
