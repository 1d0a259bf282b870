"""`/plan-problems`: problems of the plan as a whole, raised by agencies, answered by the office."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path
from fastapi.responses import Response

from catalog.errors import DubanError
from desk.duties import waiting
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.duties import life
from ledger.people import agencies, users
from tasks.plans import problems as plan_problems

router = APIRouter()
MENU = Entry("/plan-problems", "plan-problems.menu", "raise-plan-problem", 35)
FIELDS = {"rule-needs-text": "text"}

Reader = Annotated[Visit, Depends(entering("see-plan-problems"))]
Raiser = Annotated[Visit, Depends(entering("raise-plan-problem"))]
Office = Annotated[Visit, Depends(entering("answer-plan-problem"))]
Number = Annotated[int, Path(ge=1, lt=2**31)]


@router.get("/plan-problems")
def index(visit: Reader) -> Response:
    """Show the problems of the plan: to an agency its own and the form, to the office all."""
    return _page(visit, forms.Form())


@router.post("/plan-problems")
def raise_problem(visit: Raiser, text: Annotated[str, Form()] = "") -> Response:
    """Raise a problem of the plan."""
    try:
        plan_problems.raise_problem(visit.ledger, visit.plan, visit.act, text=text)
    except DubanError as error:
        return _page(visit, forms.refusal(error, visit.lang, FIELDS, text=text), status=422)
    return redirect("/plan-problems", message="plan-problems.said.raised", plan=visit.plan)


@router.post("/plan-problems/{number}")
def answer(visit: Office, number: Number, text: Annotated[str, Form()] = "") -> Response:
    """Answer the problem of that number."""
    try:
        plan_problems.answer_problem(visit.ledger, visit.plan, visit.act, number=number, text=text)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, FIELDS, text=text)
        return _page(visit, form, status=422, number=number)
    return redirect("/plan-problems", message="plan-problems.said.answered", plan=visit.plan)


def _page(visit: Visit, form: forms.Form, *, status: int = 200, number: int = 0) -> Response:
    """Show the page with `form`: the agency's, or the office's answer to problem `number`."""
    with visit.read() as conn:
        every = life.plan_problems(conn, visit.plan)
        if visit.actor.kind == "agency":
            every = [problem for problem in every if problem.agency in visit.actor.agencies]
        return rendering.page(
            visit,
            "today/plan-problems",
            status,
            form=form,
            number=number,
            open=[problem for problem in every if problem.answered_on is None],
            answered=[problem for problem in every if problem.answered_on][::-1],
            names={a.id: a.name for a in agencies.agencies_on(conn, visit.on).values()},
            people={user.id: user.name for user in users.listed(conn)},
            ways=waiting.ways(conn, visit),
        )
