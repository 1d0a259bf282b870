"""`/setup/administrator`: the first administrator and the first officer of the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from catalog.errors import ConflictError, DubanError
from desk.access import setup_code, signin
from desk.setup.steps import SettingUp, act_of, after, path_of, step_page
from desk.web import forms
from desk.web.addresses import redirect
from ledger.people import users
from tasks.setup.founding import Founder, OfficerContact, found, office

if TYPE_CHECKING:
    from desk.web.visit import Visit

router = APIRouter()

Text = Annotated[str, Form()]
FIELDS = {
    "address-invalid": "mail",
    "address-full-width": "mail",
    "address-not-ascii": "mail",
    "address-with-name": "mail",
    "password-unfit": "password",
    "passwords-differ": "again",
    "user-exists": "officer",
    "user-unfit": "login",
}


@router.get("/setup/administrator")
def show(visit: SettingUp) -> Response:
    """Show the form, or who was added."""
    with visit.read() as conn:
        if office(conn) is None:
            return redirect(path_of("office"))
    return _page(visit, forms.Form({"same": "yes"}))


@router.post("/setup/administrator")
def record(
    visit: SettingUp,
    *,
    name: Text = "",
    login: Text = "",
    password: Text = "",
    again: Text = "",
    same: Text = "",
    officer: Text = "",
    officer_name: Text = "",
    mail: Text = "",
    telephone: Text = "",
) -> Response:
    """Add both, and sign the administrator in; the code and this browser's cookie end."""
    values = {"name": name, "login": login, "same": same, "officer": officer}
    values |= {"officer_name": officer_name, "mail": mail, "telephone": telephone}
    administrator = Founder(login.strip(), name)
    second = Founder(officer.strip(), name if same else officer_name)
    contact = OfficerContact(mail, telephone)
    try:
        if visit.who is not None:
            raise ConflictError("setup-over")
        signin.require_same(password, again)
        one_time = found(
            visit.ledger,
            administrator,
            second,
            act_of(visit),
            contact=contact,
            password=password,
            same=bool(same),
        )
    except DubanError as error:
        field = {error.key: FIELDS.get(error.key, "")}
        if error.key == "user-unfit" and error.values.get("place") == second.login:
            field = {error.key: "officer"}
        return _page(visit, forms.refusal(error, visit.lang, field, **values), 422)
    setup_code.end(visit.ledger.settings.home)
    answer: Response = redirect(after("administrator"))
    if one_time:
        answer = _page(visit, forms.Form(), one_time=one_time, whose=second.login)
    visit.cookie.welcome(answer, signin.renew(visit.ledger, administrator.login, visit.caller))
    return answer


def _page(
    visit: Visit, form: forms.Form, status: int = 200, *, one_time: str = "", whose: str = ""
) -> Response:
    with visit.read() as conn:
        people = users.listed(conn)
    return step_page(
        visit, "administrator", status, form=form, people=people, one_time=one_time, whose=whose
    )
