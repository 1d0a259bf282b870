"""`/sign-in`: signing in with a password and, for those enrolled, a code; and signing out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from desk.access import signin
from desk.access.signin import RefusedError
from desk.web import forms, rendering
from desk.web.addresses import inside, redirect
from desk.web.visit import Anyone, Visit

router = APIRouter()

Text = Annotated[str, Form()]


@router.get("/sign-in")
def ask(visit: Anyone, then: str = "") -> Response:
    """Show the form; redirect a person who is signed in already."""
    if visit.who is not None:
        return redirect(inside(then))
    return rendering.page(visit, "people/signin", form=forms.Form(), then=inside(then))


@router.post("/sign-in")
def enter(visit: Anyone, user: Text = "", password: Text = "", then: Text = "") -> Response:
    """Sign in, or say why not; the session before this one ends."""
    try:
        session = signin.enter(visit.ledger, user.strip(), password, visit.caller)
    except RefusedError as error:
        form = forms.refusal(error, visit.lang, user=user)
        return rendering.page(visit, "people/signin", 403, form=form, then=inside(then))
    if session.proved:
        return _welcome(visit, session.cookie, inside(then))
    return _welcome(visit, session.cookie, "/sign-in/code", then=inside(then))


@router.get("/sign-in/code")
def ask_code(visit: Anyone, then: str = "") -> Response:
    """Show the form for the one-time code."""
    return rendering.page(visit, "people/signin-code", form=forms.Form(), then=inside(then))


@router.post("/sign-in/code")
def prove(visit: Anyone, code: Text = "", then: Text = "") -> Response:
    """Check the one-time code, and begin a new session."""
    with visit.read() as conn:
        half = signin.session(conn, visit.cookie.value(), visit.desk.clock())
    if half is None or half.proved:
        return redirect("/sign-in", then=inside(then))
    try:
        session = signin.prove(visit.ledger, half, code, visit.caller)
    except RefusedError as error:
        form = forms.refusal(error, visit.lang)
        return rendering.page(visit, "people/signin-code", 403, form=form, then=inside(then))
    return _welcome(visit, session.cookie, inside(then))


@router.post("/sign-out")
def leave(visit: Anyone) -> Response:
    """End the session."""
    if visit.who is not None:
        signin.leave(visit.ledger, visit.who.user, visit.caller)
    answer = redirect("/sign-in", message="signin.said.out")
    visit.cookie.remove(answer)
    return answer


def _welcome(visit: Visit, cookie: str, path: str, **query: str) -> RedirectResponse:
    answer = redirect(path, **query)
    visit.cookie.give(answer, cookie)
    return answer
