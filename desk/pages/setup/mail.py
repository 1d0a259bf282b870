"""`/setup/mail`: the mail server, and a test letter with its answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.errors import DubanError
from desk.setup.steps import Founded, act_of, after, path_of, step_page
from desk.web import forms
from desk.web.addresses import redirect
from tasks.setup import mail
from tasks.setup.choices import choose
from tasks.setup.founding import office
from tasks.setup.mail import Server
from tasks.setup.office_settings import choose as choose_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desk.web.visit import Visit

router = APIRouter()

Text = Annotated[str, Form()]


@router.get("/setup/mail")
def show(visit: Founded) -> Response:
    """Show the server in force, without its password, and the form for a test letter."""
    return _page(visit, forms.Form())


@router.post("/setup/mail")
def record(
    visit: Founded,
    *,
    host: Text = "",
    port: Text = "",
    way: Text = "",
    user: Text = "",
    password: Text = "",
    mail_from: Text = "",
    reply_to: Text = "",
    base_url: Text = "",
) -> Response:
    """Keep the server in the home; the history names its host alone."""
    if visit.desk.settings.jurisdiction:
        raise HTTPException(404)  # it is the installation's
    server = Server(host, port, way, user, password, mail_from, reply_to, base_url)
    try:
        choose_settings(visit.ledger, mail.values(server, visit.desk.settings))
    except DubanError as error:
        place = str(error.values.get("place", ""))
        field = {error.key: place if place in Server._fields else ""}
        values = server._replace(password="")._asdict()
        return _page(visit, forms.refusal(error, visit.lang, field, **values), 422)
    _choose(visit, {"host": host.strip()})
    return redirect(path_of("mail"), message="setup.said.saved")


@router.post("/setup/mail/later")
def leave(visit: Founded) -> Response:
    """Leave the server for later; letters wait as files until there is one."""
    _choose(visit, {"later": True})
    return redirect(after("mail"))


@router.post("/setup/mail/test")
def send_test(visit: Founded, to: Text = "") -> Response:
    """Send a test letter now, and show the answer of the server."""
    settings = visit.desk.settings
    with visit.read() as conn:
        our_office = office(conn)
    name = our_office.name if our_office else ""
    try:
        reason = mail.send_test(settings, to, name, clock=lambda: visit.now.at)
    except DubanError as error:
        return _page(visit, forms.refusal(error, visit.lang, {error.key: "to"}, to=to), 422)
    return _page(visit, forms.Form({"to": to}), outcome=(to.strip(), reason))


def _choose(visit: Visit, choice: Mapping[str, object]) -> None:
    act = act_of(visit)
    choose(visit.ledger, "mail", choice, at=act.at, actor=act.user)


def _page(
    visit: Visit, form: forms.Form, status: int = 200, *, outcome: tuple[str, str] | None = None
) -> Response:
    settings = visit.desk.settings
    server = mail.server_of(settings)
    with visit.read() as conn:
        to = mail.own_address(conn)
    values = {**server._asdict(), "to": to, **form.values}
    return step_page(
        visit,
        "mail",
        status,
        form=forms.Form(values, form.errors),
        fixed=mail.from_environment(),
        is_set=bool(server.host),
        is_ours=not settings.jurisdiction,
        outcome=outcome,
    )
