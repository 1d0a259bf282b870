"""`/sign-in`: a password, then a code or a new password where one is due; and signing out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from catalog.errors import DubanError
from desk.access import signin
from desk.access.apart import Patient
from desk.access.slowdown import RefusedError
from desk.web import forms, rendering
from desk.web.addresses import inside, redirect
from desk.web.visit import Anyone, Visit
from tasks.people import passwords
from tasks.people.passwords import BusyError

if TYPE_CHECKING:
    from desk.access.signin import SignIn
    from ledger.people.signin import Session

router = APIRouter()

Text = Annotated[str, Form()]
PAGES = {"code": "/sign-in/code", "password": "/sign-in/password"}  # by what is still needed


def _busy(visit: Visit, *, user: str, then: str, **_: str) -> Response:
    form = forms.refusal(BusyError("sign-in-busy"), visit.lang, user=user)
    return rendering.page(visit, "people/signin", 503, form=form, then=inside(then))


PATIENT = Patient(waiting=32, longest=5, busy=_busy)


@router.get("/sign-in")
def ask(visit: Anyone, then: str = "") -> Response:
    """Show the form; redirect a person who is signed in already."""
    if visit.who is not None:
        return redirect(inside(then))
    return rendering.page(visit, "people/signin", form=forms.Form(), then=inside(then))


@router.post("/sign-in")
@PATIENT
def enter(visit: Anyone, user: Text = "", password: Text = "", then: Text = "") -> Response:
    """Sign in, or say why not; the session before this one ends.

    Raises BusyError while too many passwords are being checked.
    """
    try:
        session = signin.enter(visit.ledger, user.strip(), password, visit.caller)
    except RefusedError as error:
        form = forms.refusal(error, visit.lang, user=user)
        return rendering.page(visit, "people/signin", 403, form=form, then=inside(then))
    return welcome(visit, session, inside(then))


@router.get("/sign-in/code")
def ask_code(visit: Anyone, then: str = "") -> Response:
    """Show the form for the one-time code."""
    return rendering.page(visit, "people/signin-code", form=forms.Form(), then=inside(then))


@router.post("/sign-in/code")
def prove(visit: Anyone, code: Text = "", then: Text = "") -> Response:
    """Check the one-time code, and begin a new session."""
    half = _session(visit)
    if half is None or half.proved:
        return redirect("/sign-in", then=inside(then))
    try:
        session = signin.prove(visit.ledger, half, code, visit.caller)
    except RefusedError as error:
        form = forms.refusal(error, visit.lang)
        return rendering.page(visit, "people/signin-code", 403, form=form, then=inside(then))
    return welcome(visit, session, inside(then))


@router.get("/sign-in/password")
def ask_password(visit: Anyone, then: str = "") -> Response:
    """Show the form for a password of one's own, in place of the one that was given once."""
    if _changing(visit) is None:
        return redirect("/sign-in", then=inside(then))
    return rendering.page(visit, "people/signin-password", form=forms.Form(), then=inside(then))


@router.post("/sign-in/password")
def change(visit: Anyone, new: Text = "", again: Text = "", then: Text = "") -> Response:
    """Set a password of one's own, and open the pages."""
    session = _changing(visit)
    if session is None:
        return redirect("/sign-in", then=inside(then))
    user = session.user
    try:
        signin.require_same(new, again)
        passwords.replace_once(visit.ledger, user, new, at=visit.now.at)
    except DubanError as error:
        fields = {error.key: "new", "passwords-differ": "again"}
        form = forms.refusal(error, visit.lang, fields)
        return rendering.page(visit, "people/signin-password", 422, form=form, then=inside(then))
    return welcome(visit, signin.renew(visit.ledger, user, visit.caller), inside(then))


@router.post("/sign-out")
def leave(visit: Anyone) -> Response:
    """End the session."""
    if visit.who is not None:
        signin.leave(visit.ledger, visit.who.user, visit.caller)
    answer = redirect("/sign-in", message="signin.said.out")
    visit.cookie.remove(answer)
    return answer


def welcome(visit: Visit, session: SignIn, then: str) -> RedirectResponse:
    """Send a browser on, to what its session still needs or to the page it came for."""
    page = PAGES.get(session.needs)
    answer = redirect(page, then=then) if page else redirect(then)
    visit.cookie.welcome(answer, session)
    return answer


def _session(visit: Visit) -> Session | None:
    with visit.read() as conn:
        return signin.session(conn, visit.cookie.value(), visit.desk.clock())


def _changing(visit: Visit) -> Session | None:
    """Return the session of somebody who has to change their password, None of anybody else."""
    session = _session(visit)
    if session is None:
        return None
    with visit.read() as conn:
        return session if signin.must_change(conn, session, visit.on) else None
