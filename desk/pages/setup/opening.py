"""`/setup`: the code of an empty home, then the steps of the setting up."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.errors import DubanError
from desk.access import setup_code
from desk.access.slowdown import RefusedError
from desk.setup.steps import Founded, act_of, knows_code, next_step, path_of, setting_up, steps
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Anyone, Visit
from tasks.setup.choices import STEPS, choose
from tasks.setup.stage import is_empty

router = APIRouter()

Text = Annotated[str, Form()]


@router.get("/setup")
def show(visit: Anyone) -> Response:
    """Ask an unknown browser for the code of an empty home; show the others their steps."""
    with visit.read() as conn:
        if is_empty(conn) and not knows_code(visit):
            return _ask(visit, forms.Form())
    setting_up(visit)
    with visit.read() as conn:
        all_steps, following = steps(conn), next_step(conn)
    return rendering.page(visit, "setup/overview", steps=all_steps, next_step=following)


@router.post("/setup/code")
def claim(visit: Anyone, code: Text = "") -> Response:
    """Use the code up; from now on this browser sets the office up."""
    with visit.read() as conn:
        if not is_empty(conn):
            raise HTTPException(404)
    try:
        cookie = setup_code.claim(visit.ledger, code, visit.caller)
    except DubanError as error:
        status = 403 if isinstance(error, RefusedError) else 409
        return _ask(visit, forms.refusal(error, visit.lang, {error.key: "code"}), status)
    answer = redirect(path_of("office"))
    visit.cookie.give(answer, cookie)
    return answer


@router.post("/setup/undo")
def undo(visit: Founded, step: Text = "") -> Response:
    """Undo the choice of a step; the history keeps that it was made."""
    if step not in STEPS:
        raise HTTPException(422)
    act = act_of(visit)
    choose(visit.ledger, step, None, at=act.at, actor=act.user)
    return redirect(path_of(step), message="setup.said.undone")


def _ask(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    home, at = visit.ledger.settings.home, visit.desk.clock()
    is_waiting = setup_code.is_waiting(home, at)
    return rendering.page(visit, "setup/code", status, form=form, is_waiting=is_waiting)
