"""`/plans`: a plan with its words and duties, and putting an edition of the catalogue in force."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Annotated, NamedTuple

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from catalog.difference import Difference, difference
from catalog.errors import DubanError, NotFoundError
from catalog.plan import Plan, load_plan, plan_names
from desk import forms
from desk.menu import Entry
from desk.visit import Visit, entering
from ledger import agencies, contacts
from tasks import today
from tasks.editions import InForce, in_force
from tasks.publish import publish as publish_plan
from tasks.reading import followed

if TYPE_CHECKING:
    from sqlalchemy import Connection

router = APIRouter()
MENU = Entry("/plans", "plans.menu", "see-plans", 50)
Publisher = Annotated[Visit, Depends(entering("publish-plan"))]


class Offer(NamedTuple):
    """A plan of the catalogue beside what is in force of it: `edition` 0 when nothing is."""

    plan: Plan
    edition: int

    @property
    def is_new(self) -> bool:
        """Whether publishing it would do anything."""
        return self.plan.edition > self.edition


@router.get("/plans")
def plans(visit: Annotated[Visit, Depends(entering("see-plans"))]) -> Response:
    """Show the plan in force: chapters, measures with their words, obligations and targets."""
    if not visit.plans:
        return visit.go("/plans/publish") if visit.may("publish-plan") else visit.page("plans-none")
    with visit.read() as conn:
        return visit.page(
            "plans",
            held=in_force(conn, visit.plan),
            agencies={a.id: a.name for a in contacts.agencies(conn).values()},
            targets=len(followed(conn, visit.plan)),
        )


@router.get("/plans/publish")
def offers(visit: Publisher, plan: str = "") -> Response:
    """Show the catalogue, and of the plan chosen what publishing it would change."""
    return _page(visit, plan)


@router.post("/plans/publish")
def publish(
    visit: Publisher, plan: Annotated[str, Form()] = "", shown: Annotated[str, Form()] = ""
) -> Response:
    """Put the edition in force whose difference was shown; another one is shown first."""
    chosen = _chosen(plan)
    if shown != digest(chosen):
        return _page(visit, plan, stale=True, status=409)
    code, clock = chosen.plan, visit.desk.clock
    known = code in today.plans(visit.ledger)
    at = today.now(visit.ledger, code, clock).at if known else clock()
    try:
        publish_plan(visit.ledger, chosen, at=at, actor=visit.actor.user)
    except DubanError as error:
        return _page(visit, plan, form=forms.refused(error, visit.lang), status=422)
    return visit.go("/plans", said="plans.said.published", plan=code)


def digest(plan: Plan) -> str:
    """Return what tells this edition from any other text of it."""
    return hashlib.sha256(plan.model_dump_json().encode()).hexdigest()


def _page(
    visit: Visit,
    plan: str,
    *,
    form: forms.Form | None = None,
    stale: bool = False,
    status: int = 200,
) -> Response:
    chosen = _chosen(plan) if plan else None
    with visit.read() as conn:
        held = {each.plan: in_force(conn, each.plan) for each in visit.plans}
        before = held.get(chosen.plan) if chosen else None
        return visit.page(
            "plans-publish",
            status,
            offers=_offers(held),
            chosen=chosen,
            before=before,
            changed=_changed(conn, before, chosen),
            shown=digest(chosen) if chosen else "",
            agencies={a.id: a.name for a in contacts.agencies(conn).values()},
            stale=stale,
            form=form or forms.Form(),
        )


def _offers(held: dict[str, InForce]) -> list[Offer]:
    found = [load_plan(name) for name in plan_names()]
    return [Offer(p, held[p.plan].plan.edition if p.plan in held else 0) for p in found]


def _changed(conn: Connection, before: InForce | None, chosen: Plan | None) -> Difference | None:
    if before is None or chosen is None:
        return None
    return difference(before.plan, chosen, agencies.heirs(conn))


def _chosen(plan: str) -> Plan:
    """Return the plan of the catalogue; a page never reads a file that a form names."""
    if plan not in plan_names():
        raise NotFoundError("plan_unknown", plan=plan, known=", ".join(plan_names()))
    return load_plan(plan)
