"""The form of the mail server: while the office is set up, and later among the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from catalog.errors import DubanError
from desk.web import forms
from desk.web.fields import WholeForm, refuse_unknown
from tasks.setup import mail
from tasks.setup.founding import office
from tasks.setup.mail import Server
from tasks.setup.office_settings import choose

if TYPE_CHECKING:
    from desk.web.visit import Visit

Outcome = tuple[str, str]  # the address, and why the server refused, "" where it took the letter


def server_form(form: WholeForm) -> Server:
    """Return the server as it was typed."""
    refuse_unknown(form, Server._fields)
    return Server(**{name: str(form.get(name, "")) for name in Server._fields})


def save(visit: Visit, server: Server) -> forms.Form | None:
    """Keep the server in the home; return the form with what is wrong, None where it is kept."""
    if visit.desk.settings.jurisdiction:
        raise HTTPException(404)  # it is the installation's
    try:
        choose(visit.ledger, mail.values(server, visit.desk.settings))
    except DubanError as error:
        place = str(error.values.get("place", ""))
        field = {error.key: place if place in Server._fields else ""}
        return forms.refusal(error, visit.lang, field, **server._replace(password="")._asdict())
    return None


def send_test(visit: Visit, to: str) -> tuple[forms.Form, Outcome | None]:
    """Send a test letter now; return the form, and what became of the letter."""
    with visit.read() as conn:
        own = office(conn)
    name = own.name if own else ""
    try:
        reason = mail.send_test(visit.desk.settings, to, name, clock=lambda: visit.now.at)
    except DubanError as error:
        return forms.refusal(error, visit.lang, {error.key: "to"}, to=to), None
    return forms.Form({"to": to}), (to.strip(), reason)


def shown(visit: Visit, form: forms.Form, outcome: Outcome | None = None) -> dict[str, Any]:
    """Return the values of the page: the server in force without its password, and the form."""
    settings = visit.desk.settings
    server = mail.server_of(settings)
    with visit.read() as conn:
        to = mail.own_address(conn)
    values = {**server._asdict(), "to": to, **form.values}
    return {
        "form": forms.Form(values, form.errors),
        "fixed": mail.from_environment(),
        "is_set": bool(server.host),
        "is_ours": not settings.jurisdiction,
        "outcome": outcome,
    }
