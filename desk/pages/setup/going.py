"""`/setup/go`: the first day's letters as they would be, and the go."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from fastapi import APIRouter, Form
from fastapi.responses import Response

from catalog.errors import DubanError
from desk.setup.steps import Founded, act_of, step_page
from desk.web import forms
from desk.web.addresses import redirect
from tasks.setup import going

if TYPE_CHECKING:
    from desk.web.visit import Visit

router = APIRouter()


@router.get("/setup/go")
def show(visit: Founded) -> Response:
    """Rehearse the go and show its first day; nothing is stored."""
    return _page(visit)


@router.post("/setup/go")
def go(visit: Founded, knowingly: Annotated[str, Form()] = "") -> Response:
    """Put everything in force; the sweep of the new plan follows by itself within a minute."""
    try:
        going.go(visit.ledger, act_of(visit), knowingly=bool(knowingly))
    except DubanError as error:
        field = "knowingly" if error.key == "setup-unreached" else ""
        return _page(visit, forms.refusal(error, visit.lang, {error.key: field}), 409)
    return redirect("/settings", message="setup.said.gone")


class _Shown(NamedTuple):
    """The preview, or why there is none; `is_ready` where nothing that is needed is left open."""

    preview: going.Preview | None
    problem: str
    is_ready: bool = True


def _page(visit: Visit, form: forms.Form | None = None, status: int = 200) -> Response:
    shown = _rehearsed(visit)
    return step_page(visit, "go", status, form=form or forms.Form(), **shown._asdict())


def _rehearsed(visit: Visit) -> _Shown:
    try:
        return _Shown(going.preview(visit.ledger, act_of(visit)), "")
    except DubanError as error:
        is_late = error.key == "sweep-unfinished"  # a preview may take too long, the go does not
        return _Shown(None, forms.say_refusal(error, visit.lang), is_ready=is_late)
