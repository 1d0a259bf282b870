"""`/account`: a person's own login, their password and one-time codes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from catalog.errors import DubanError
from desk.access import onetime, signin
from desk.access.slowdown import RefusedError
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import SignedIn, Visit
from ledger.people import signin as ledger_signin
from ledger.people.signin import Credential
from tasks.people import codes, passwords

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
    return _stay(visit, "account.said.changed")


@router.post("/account/codes")
def enrol(visit: SignedIn, secret: Text = "", code: Text = "") -> Response:
    """Require a one-time code at every sign-in from now on, once a correct one was typed.

    Whatever was made without codes ends, but for this browser.
    """
    if not _may_enrol(visit):
        return _page(visit, forms.Form(), 409)
    at = visit.desk.clock()
    step = onetime.step_of(secret, code, at, after=None) if onetime.is_secret(secret) else None
    if step is None:
        error = RefusedError("code-refused")
        form = forms.refusal(error, visit.lang, {error.key: "code"}, secret=secret)
        return _page(visit, form, 422)
    user = visit.actor.user
    codes.enrol(visit.ledger, user, secret, step=step, at=visit.now.at, actor=user)
    return _stay(visit, "account.said.enrolled")


def _stay(visit: Visit, message: str) -> Response:
    """Keep this browser signed in where all sessions have ended."""
    answer = redirect("/account", message=message)
    visit.cookie.welcome(answer, signin.renew(visit.ledger, visit.actor.user, visit.caller))
    return answer


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    text = str(form.value("secret"))
    secret = text if onetime.is_secret(text) else onetime.new_secret()
    return rendering.page(
        visit,
        "people/account",
        status,
        form=form,
        secret=secret,
        link=onetime.link(secret, visit.actor.user),
        row=_credential(visit),
        offers_codes=_may_enrol(visit),
    )


def _may_enrol(visit: Visit) -> bool:
    row = _credential(visit)
    return row is not None and row.totp is None


def _credential(visit: Visit) -> Credential | None:
    with visit.read() as conn:
        return ledger_signin.credential(conn, visit.actor.user)
