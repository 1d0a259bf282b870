"""`/setup/past`: what was due before the start day."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from catalog.errors import DubanError
from desk.setup.steps import Founded, act_of, after, step_page
from desk.web import forms
from desk.web.addresses import redirect
from tasks.setup import going
from tasks.setup.choices import choose

router = APIRouter()


@router.get("/setup/past")
def show(visit: Founded) -> Response:
    """List what would be past, by a rehearsal of the go."""
    try:
        past, problem = going.preview(visit.ledger, act_of(visit)).past, ""
    except DubanError as error:
        past, problem = (), forms.say_refusal(error, visit.lang)
    return step_page(visit, "past", past=past, problem=problem)


@router.post("/setup/past")
def take(visit: Founded) -> Response:
    """Leave it to be settled after the go."""
    act = act_of(visit)
    choose(visit.ledger, "past", {"later": True}, at=act.at, actor=act.user)
    return redirect(after("past"))
