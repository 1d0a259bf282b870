"""`/api/…`: plans, targets with their readings, and agencies with their contacts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.errors import NotFoundError
from catalog.plans.document import plan_document
from desk.api import plan_shapes
from desk.api.by_token import ByToken, entering
from desk.api.documents import target_document
from desk.api.idempotent import REFUSALS, Key, once
from desk.api.strict import Body, StrictRoute
from desk.web.visit import Visit
from ledger.people import agencies as register
from ledger.plans import editions
from ledger.post import contacts
from tasks.in_force import in_force
from tasks.post.contacts import Contact, Position, reach
from tasks.reports.targets import target_reports

router = APIRouter(prefix="/api", route_class=StrictRoute, responses=REFUSALS, tags=["plans"])
Planning = Annotated[Visit, Depends(entering("see-plans"))]
Administrator = Annotated[Visit, Depends(entering("administer"))]
POSITIONS = ("officer", "head", "leader")


class Address(Body):
    """The address of a position on a channel."""

    position: Position
    channel: str = "mail"
    address: str


@router.get("/plans", response_model=list[plan_shapes.PlanInForce])
def plans(visit: Planning) -> list[dict[str, Any]]:
    """List the plans in force."""
    names = ("plan", "edition", "title", "issued_on", "starts_on", "ends_on")
    return [
        {name: getattr(each, name) for name in names} | {"demo": each.is_demo}
        for each in visit.plans
    ]


@router.get("/plans/{plan}", response_model=plan_shapes.Plan, response_model_exclude_unset=True)
def plan(visit: Planning, plan: str) -> dict[str, Any]:
    """Return a plan in force whole, as `duban plan show --json` prints it."""
    with visit.read() as conn:
        return plan_document(in_force(conn, plan).plan)


@router.get("/targets", response_model=list[plan_shapes.Target])
def targets(visit: ByToken) -> list[dict[str, Any]]:
    """List the targets of every plan in force with their readings; an agency sees its own.

    These are the targets it leads, and of others the figures it reports as a party. A figure is
    reported by the deed `report-reading` on the duty of its year.
    """
    me = visit.actor
    with visit.read() as conn:
        agencies = register.agencies_on(conn, visit.on)
        every = [t for each in editions.all_in_force(conn) for t in target_reports(conn, each.plan)]
        visible = every if me.kind != "agency" else [t.of(me.agencies) for t in every]
        return [target_document(target, agencies) for target in visible if target]


@router.get("/agencies", response_model=list[plan_shapes.Agency])
def agencies(visit: ByToken) -> list[dict[str, Any]]:
    """List the registered agencies, and what became of each."""
    with visit.read() as conn:
        every, steps = contacts.agencies(conn), register.successions(conn)
    names = ("kind", "on", "successor", "document", "former_name")
    return [
        each.model_dump()
        | {
            "became": [
                {name: getattr(step, name) for name in names}
                for step in steps
                if step.agency == each.id
            ]
        }
        for each in every.values()
    ]


@router.get("/agencies/{agency}/contacts", response_model=plan_shapes.Contacts)
def reached(visit: Administrator, agency: str) -> dict[str, Any]:
    """Return the addresses of the positions of an agency."""
    return _contacts(visit, agency)


@router.post("/agencies/{agency}/contacts", response_model=plan_shapes.Contacts)
def say_contact(visit: Administrator, agency: str, body: Address, same: Key = None) -> Response:
    """Set the address of a position of an agency."""
    contact = Contact(agency, body.position, body.channel, body.address)
    return once(
        visit,
        same,
        body.model_dump(),
        lambda: reach(visit.ledger, [contact], at=visit.now.at, actor=visit.actor.user),
        lambda _: _contacts(visit, agency),
    )


def _contacts(visit: Visit, agency: str) -> dict[str, Any]:
    with visit.read() as conn:
        if agency not in contacts.agencies(conn):
            raise NotFoundError("agency-unknown", agency=agency)
        addresses = contacts.contacts(conn)
    return {"agency": agency} | {p: addresses.get((agency, p), {}) for p in POSITIONS}
