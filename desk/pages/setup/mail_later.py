"""`/settings/mail`: the mail server, once the office is set up."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from desk.setup import mail_form
from desk.setup.mail_form import server_form
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from tasks.setup.mail import Server

router = APIRouter()

HOME = "/settings/mail"
Administrator = Annotated[Visit, Depends(entering("administer"))]


@router.get(HOME)
def show(visit: Administrator) -> Response:
    """Show the server in force, without its password, and the form for a test letter."""
    return _page(visit, forms.Form())


@router.post(HOME)
def record(visit: Administrator, server: Annotated[Server, Depends(server_form)]) -> Response:
    """Keep the server in the home; the history names its host alone."""
    if wrong := mail_form.save(visit, server):
        return _page(visit, wrong, 422)
    note = {"server": server.host.strip()}
    with visit.ledger.transaction() as tx:
        tx.record("mail-set", "mail", note=note, at=visit.now.at, actor=visit.actor.user)
    return redirect(HOME, message="setup.said.saved")


@router.post(f"{HOME}/test")
def send_test(visit: Administrator, to: Annotated[str, Form()] = "") -> Response:
    """Send a test letter now, and show the answer of the server."""
    form, outcome = mail_form.send_test(visit, to)
    return _page(visit, form, 200 if outcome else 422, outcome)


def _page(
    visit: Visit, form: forms.Form, status: int = 200, outcome: mail_form.Outcome | None = None
) -> Response:
    values = mail_form.shown(visit, form, outcome)
    return rendering.page(visit, "setup/mail-settings", status, **values)
