"""`/account/codes`: one-time codes of a person, and the codes for a lost authenticator."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from catalog.errors import DubanError
from desk.access import onetime, signin
from desk.access.slowdown import RefusedError
from desk.pages.people.account import credential, stay
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import SignedIn, Visit
from tasks.people import codes

router = APIRouter()

Text = Annotated[str, Form()]
PATH = "/account/codes"


@router.get(PATH)
def show(visit: SignedIn) -> Response:
    """Show a new secret with recovery codes, or that codes are asked for."""
    return _page(visit, forms.Form())


@router.post(PATH)
def enrol(visit: SignedIn, secret: Text = "", recovery: Text = "", code: Text = "") -> Response:
    """Require a one-time code at every sign-in from now on, once a correct one was typed.

    Whatever was made without codes ends, but for this browser.
    """
    row = credential(visit)
    if row is None or row.totp is not None:
        return _page(visit, forms.Form(), 409)
    at = visit.desk.clock()
    step = onetime.step_of(secret, code, at, after=None) if onetime.is_secret(secret) else None
    if step is None:
        error = RefusedError("code-refused")
        form = forms.refusal(
            error, visit.lang, {error.key: "code"}, secret=secret, recovery=recovery
        )
        return _page(visit, form, 422)
    hashes = [onetime.hashed(each) for each in _codes(recovery)]
    user, now = visit.actor.user, visit.now.at
    codes.enrol(visit.ledger, user, secret, step=step, recovery=hashes, at=now, actor=user)
    return stay(visit, PATH, "account.said.enrolled")


@router.post(f"{PATH}/recovery")
def replace_recovery(visit: SignedIn, password: Text = "") -> Response:
    """Make new recovery codes, show them once, and end those before."""
    user, made = visit.actor.user, onetime.new_recovery_codes()
    try:
        signin.confirm(visit.ledger, user, password, visit.caller)
        hashes = [onetime.hashed(code) for code in made]
        codes.replace_recovery(visit.ledger, user, hashes, at=visit.now.at, actor=user)
    except DubanError as error:
        return _page(visit, forms.refusal(error, visit.lang, {error.key: "password"}), 403)
    return _page(visit, forms.Form(), made=made)


@router.post(f"{PATH}/end")
def end(visit: SignedIn, own: Text = "") -> Response:
    """Ask for no more codes, at the person's own word and password."""
    user = visit.actor.user
    try:
        signin.confirm(visit.ledger, user, own, visit.caller)
    except DubanError as error:
        return _page(visit, forms.refusal(error, visit.lang, {error.key: "own"}), 403)
    codes.end(visit.ledger, user, at=visit.now.at, actor=user)
    return stay(visit, PATH, "account.said.codes-ended")


def _page(
    visit: Visit, form: forms.Form, status: int = 200, *, made: tuple[str, ...] = ()
) -> Response:
    """Return the page; a secret and recovery codes that were offered before are offered again."""
    text, row = str(form.value("secret")), credential(visit)
    if row is None:
        return redirect("/account")
    secret = text if onetime.is_secret(text) else onetime.new_secret()
    recovery = _codes(str(form.value("recovery"))) or onetime.new_recovery_codes()
    return rendering.page(
        visit,
        "people/codes",
        status,
        form=form,
        row=row,
        secret=secret,
        link=onetime.link(secret, visit.actor.user),
        recovery=recovery,
        made=made,
    )


def _codes(text: str) -> tuple[str, ...]:
    """Return the recovery codes of the form, none where they are not as we draw them."""
    words = tuple(text.split())
    fit = all(re.fullmatch(r"([a-z2-9]{4}-){2}[a-z2-9]{4}", each) for each in words)
    return words if fit and len(words) == onetime.RECOVERY_CODES else ()
