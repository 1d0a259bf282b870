"""`/account`: a person's own login, their password and one-time codes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from catalog.errors import DubanError
from desk.access import onetime, signin
from desk.access.signin import RefusedError
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import SignedIn, Visit
from ledger.people import signin as ledger_signin
from tasks.people import passwords

router = APIRouter()

Text = Annotated[str, Form()]
WITH_CODES = frozenset({"office", "administrator"})  # kinds that may enrol for codes


@router.get("/account")
def account(visit: SignedIn) -> Response:
    """Show the person's login, and the forms."""
    return _page(visit, forms.Form())


@router.post("/account/password")
def change(visit: SignedIn, password: Text = "", new: Text = "") -> Response:
    """Change one's own password; every other browser is signed out, this one stays."""
    at, me = visit.desk.clock(), visit.actor.user
    try:
        signin.confirm(visit.ledger, me, password, visit.caller)
        passwords.set_password(visit.ledger, [me], new, at=visit.now.at, actor=me)
    except RefusedError as error:
        return _page(visit, forms.refusal(error, visit.lang, {error.key: "password"}), 403)
    except DubanError as error:
        return _page(visit, forms.refusal(error, visit.lang, {error.key: "new"}), 422)
    with visit.ledger.transaction() as tx:
        cookie = signin.begin(tx, me, at=at, proved=True)
    answer = redirect("/account", message="account.said.changed")
    visit.cookie.give(answer, cookie)
    return answer


@router.post("/account/codes")
def enrol(visit: SignedIn, secret: Text = "", code: Text = "") -> Response:
    """Require a one-time code at every sign-in from now on, once a correct one was typed."""
    if visit.actor.kind not in WITH_CODES or _has_codes(visit):
        return _page(visit, forms.Form(), 409)
    at = visit.desk.clock()
    step = onetime.step_of(secret, code, at, after=None) if onetime.is_secret(secret) else None
    if step is None:
        error = RefusedError("code-refused")
        form = forms.refusal(error, visit.lang, {error.key: "code"}, secret=secret)
        return _page(visit, form, 422)
    with visit.ledger.transaction() as tx:
        user = visit.actor.user
        ledger_signin.put(tx, "credentials", user, {"totp": secret, "totp_step": step})
        tx.record("codes-enrolled", user, at=visit.now.at, actor=user)
    return redirect("/account", message="account.said.enrolled")


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    text = str(form.value("secret"))
    secret = text if onetime.is_secret(text) else onetime.new_secret()
    return rendering.page(
        visit,
        "people/account",
        status,
        form=form,
        secret=secret,
        offers_codes=visit.actor.kind in WITH_CODES and not _has_codes(visit),
        has_codes=_has_codes(visit),
    )


def _has_codes(visit: Visit) -> bool:
    with visit.read() as conn:
        row = ledger_signin.credential(conn, visit.actor.user)
    return row is not None and row.totp is not None
