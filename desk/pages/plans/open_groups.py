"""`/plans/groups`: the office names the bodies that an open group of the plan stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from catalog.errors import DubanError
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger.people import agencies
from tasks.agencies.open_groups import UNFIT, name_bodies
from tasks.in_force import in_force

if TYPE_CHECKING:
    from catalog.plans.contents import Measure

MOST = 200  # bodies in one form
FIELDS = {
    "open-group-empty": "member",
    "open-group-member": "member",
    "open-group-leads": "member",
    "agency-ended": "member",
    "measure-unknown": "measure",
}

router = APIRouter()
Office = Annotated[Visit, Depends(entering("name-bodies"))]


@router.get("/plans/groups")
def groups(visit: Office) -> Response:
    """Show the open groups of the plan, their bodies, and the form to name them."""
    return _page(visit, forms.Form(), [])


@router.post("/plans/groups")
def name(
    visit: Office,
    *,
    group: Annotated[str, Form()] = "",
    measure: Annotated[str, Form()] = "",
    document: Annotated[str, Form()] = "",
    member: Annotated[list[str], Form(max_length=MOST)] = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Name the bodies of one group, in one measure or in all."""
    try:
        name_bodies(
            visit.ledger,
            visit.plan,
            group,
            visit.act,
            members=member,
            document=document,
            measure=measure,
        )
    except DubanError as error:
        values = {"group": group, "measure": measure, "document": document}
        form = forms.refusal(error, visit.lang, FIELDS, **values)
        return _page(visit, form, member, status=422)
    return redirect("/plans/groups", message="groups.said.named", plan=visit.plan)


def _page(visit: Visit, form: forms.Form, members: list[str], status: int = 200) -> Response:
    with visit.read() as conn:
        register = agencies.agencies_on(conn, visit.on)
        plan = in_force(conn, visit.plan).plan
        ids = [agency.id for agency in plan.agencies if agency.kind == "open-group"]
        return rendering.page(
            visit,
            "plans/groups",
            status,
            form=form,
            members=members,
            groups=[register[group] for group in ids],
            unnamed=agencies.unnamed(conn, visit.plan),
            namings=agencies.namings(conn, plan=visit.plan)[::-1],
            bodies=sorted(
                (a for a in register.values() if a.kind not in UNFIT), key=lambda a: (a.kind, a.id)
            ),
            names={agency.id: agency.name for agency in register.values()},
            measures=[
                m for m in plan.measures if {m.lead, *m.participants, *_parties(m)} & set(ids)
            ],
        )


def _parties(measure: Measure) -> set[str]:
    return {party for each in measure.obligations for party in each.parties or ()}
