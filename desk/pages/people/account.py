"""`/account`: who one is here, one's password, and the one-time codes where they are asked."""

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
from ledger.people import signin as kept
from tasks.people import passwords

router = APIRouter()

Typed = Annotated[str, Form()]
CODED = frozenset({"office", "administrator"})  # whose accounts may ask for a one-time code


@router.get("/account")
def account(visit: SignedIn) -> Response:
    """Show who one is, and the forms."""
    return _page(visit, forms.Form())


@router.post("/account/password")
def change(visit: SignedIn, password: Typed = "", new: Typed = "") -> Response:
    """Change one's own password; every other browser is signed out, this one goes on."""
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
def enrol(visit: SignedIn, secret: Typed = "", code: Typed = "") -> Response:
    """Ask for a one-time code at every sign-in from now on, once one has been typed right."""
    if visit.actor.kind not in CODED or _has_codes(visit):
        return _page(visit, forms.Form(), 409)
    at = visit.desk.clock()
    step = onetime.step_of(secret, code, at, after=None) if onetime.is_secret(secret) else None
    if step is None:
        error = RefusedError("code-refused")
        form = forms.refusal(error, visit.lang, {error.key: "code"}, secret=secret)
        return _page(visit, form, 422)
    with visit.ledger.transaction() as tx:
        user = visit.actor.user
        kept.put(tx, "credentials", user, {"totp": secret, "totp_step": step})
        tx.record("codes-enrolled", user, at=visit.now.at, actor=user)
    return redirect("/account", message="account.said.enrolled")


def _page(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    given = str(form.value("secret"))
    secret = given if onetime.is_secret(given) else onetime.new_secret()
    return rendering.page(
        visit,
        "people/account",
        status,
        form=form,
        secret=secret,
        offers_codes=visit.actor.kind in CODED and not _has_codes(visit),
        has_codes=_has_codes(visit),
    )


def _has_codes(visit: Visit) -> bool:
    with visit.read() as conn:
        found = kept.credential(conn, visit.actor.user)
    return found is not None and found.totp is not None
