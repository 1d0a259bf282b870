"""`/setup/start`: the day from which the ladder speaks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form
from fastapi.responses import Response

from catalog.errors import DubanError
from desk.setup.steps import Founded, act_of, after, step_page
from desk.web import forms
from desk.web.addresses import redirect
from tasks.clock import typed_day
from tasks.setup.choices import choices, choose
from tasks.setup.going import start_of, today_in

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from desk.web.visit import Visit
    from ledger.session import Connection

router = APIRouter()


@router.get("/setup/start")
def show(visit: Founded) -> Response:
    """Show the day chosen, today where none is."""
    with visit.read() as conn:
        selection = choices(conn)
        day = start_of(selection, _today(visit, conn, selection))
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


def _today(visit: Visit, conn: Connection, selection: Mapping[Any, Mapping[str, Any]]) -> dt.date:
    """Return today in the zone of the plan, by the clock where its plan cannot be taken now."""
    try:
        return today_in(conn, selection, act_of(visit))
    except DubanError:
        return visit.on


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    return step_page(visit, "start", status, form=form)
