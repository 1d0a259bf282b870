"""`/setup/mail`: the mail server, and a test letter with its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from desk.setup import mail_form
from desk.setup.mail_form import server_form
from desk.setup.steps import Founded, act_of, after, path_of, step_page
from desk.web import forms
from desk.web.addresses import redirect
from tasks.setup.choices import choose
from tasks.setup.mail import Server

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.web.visit import Visit

router = APIRouter()


@router.get("/setup/mail")
def show(visit: Founded) -> Response:
    """Show the server in force, without its password, and the form for a test letter."""
    return step_page(visit, "mail", **mail_form.shown(visit, forms.Form()))


@router.post("/setup/mail")
def record(visit: Founded, server: Annotated[Server, Depends(server_form)]) -> Response:
    """Keep the server in the home; the history names its host alone."""
    if wrong := mail_form.save(visit, server):
        return step_page(visit, "mail", 422, **mail_form.shown(visit, wrong))
    _choose(visit, {"host": server.host.strip()})
    return redirect(path_of("mail"), message="setup.said.saved")


@router.post("/setup/mail/later")
def leave(visit: Founded) -> Response:
    """Leave the server for later; letters wait as files until there is one."""
    _choose(visit, {"later": True})
    return redirect(after("mail"))


@router.post("/setup/mail/test")
def send_test(visit: Founded, to: Annotated[str, Form()] = "") -> Response:
    """Send a test letter now, and show the answer of the server."""
    form, outcome = mail_form.send_test(visit, to)
    status = 200 if outcome else 422
    return step_page(visit, "mail", status, **mail_form.shown(visit, form, outcome))


def _choose(visit: Visit, choice: Mapping[str, object]) -> None:
    act = act_of(visit)
    choose(visit.ledger, "mail", choice, at=act.at, actor=act.user)
