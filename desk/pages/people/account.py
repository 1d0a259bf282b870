"""`/account`: a person's own login, their password, and the ways to the rest."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from catalog.errors import DubanError
from desk.access import signin
from desk.access.slowdown import RefusedError
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import SignedIn, Visit
from ledger.people import signin as ledger_signin
from ledger.people.signin import Credential
from tasks.people import passwords

router = APIRouter()

Text = Annotated[str, Form()]


@router.get("/account")
def account(visit: SignedIn) -> Response:
    """Show the person's login, and the forms."""
    return _page(visit, forms.Form())


@router.post("/account/password")
def change(visit: SignedIn, password: Text = "", new: Text = "", again: Text = "") -> Response:
    """Change one's own password; what the former one proved ends, this browser stays."""
    me = visit.actor.user
    try:
        signin.require_same(new, again)
        signin.confirm(visit.ledger, me, password, visit.caller)
        passwords.set_password(visit.ledger, [me], new, at=visit.now.at, actor=me)
    except RefusedError as error:
        return _page(visit, forms.refusal(error, visit.lang, {error.key: "password"}), 403)
    except DubanError as error:
        fields = {error.key: "new", "passwords-differ": "again"}
        return _page(visit, forms.refusal(error, visit.lang, fields), 422)
    return stay(visit, "/account", "account.said.changed")


def stay(visit: Visit, path: str, message: str) -> Response:
    """Keep this browser signed in where all sessions have ended, and send it to `path`."""
    answer = redirect(path, message=message)
    visit.cookie.welcome(answer, signin.renew(visit.ledger, visit.actor.user, visit.caller))
    return answer


def credential(visit: Visit) -> Credential | None:
    """Return the password and codes of the person; None for who signs in by a provider alone."""
    with visit.read() as conn:
        return ledger_signin.credential(conn, visit.actor.user)


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    return rendering.page(visit, "people/account", status, form=form, row=credential(visit))
