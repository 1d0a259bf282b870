"""`/setup/start`: the day from which the ladder speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from desk.setup.steps import Founded, act_of, after, step_page
from desk.web import forms
from desk.web.addresses import redirect
from tasks.clock import typed_day
from tasks.setup.choices import choices, choose
from tasks.setup.going import start_of

if TYPE_CHECKING:
    from desk.web.visit import Visit

router = APIRouter()


@router.get("/setup/start")
def show(visit: Founded) -> Response:
    """Show the day chosen, today where none is."""
    with visit.read() as conn:
        day = start_of(choices(conn), visit.on)
    return _page(visit, forms.Form({"on": f"{day}"}))


@router.post("/setup/start")
def take(visit: Founded, on: Annotated[str, Form()] = "") -> Response:
    """Choose the day; what was due before it is past and makes no letter."""
    try:
        day = typed_day(on.strip())
    except ValueError:
        wrong = {"on": visit.say("error.day-unreadable", typed=on)}
        return _page(visit, forms.Form({"on": on}, wrong), 422)
    act = act_of(visit)
    choose(visit.ledger, "start", {"on": f"{day}"}, at=act.at, actor=act.user)
    return redirect(after("start"))


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    return step_page(visit, "start", status, form=form)
