"""Signing in with a password and, where one is enrolled, a one-time code; and signing out."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from desk.access import signin
from desk.access.signin import RefusedError
from desk.web import forms
from desk.web.visit import Anyone, Visit, inside, set_cookie

router = APIRouter()

Typed = Annotated[str, Form()]


@router.get("/sign-in")
def ask(visit: Anyone, then: str = "") -> Response:
    """Show the form; who is signed in already goes on."""
    if visit.who is not None:
        return visit.go(inside(then))
    return visit.page("people/signin", form=forms.Form(), then=inside(then))


@router.post("/sign-in")
def enter(visit: Anyone, user: Typed = "", password: Typed = "", then: Typed = "") -> Response:
    """Sign in, or say why not; the session that was there before ends."""
    try:
        entered = signin.enter(visit.ledger, user.strip(), password, visit.knock)
    except RefusedError as error:
        form = forms.refused(error, visit.lang, user=user)
        return visit.page("people/signin", 403, form=form, then=inside(then))
    if entered.proved:
        return _welcome(visit, entered.cookie, inside(then))
    return _welcome(visit, entered.cookie, "/sign-in/code", then=inside(then))


@router.get("/sign-in/code")
def ask_code(visit: Anyone, then: str = "") -> Response:
    """Show the form for the one-time code."""
    return visit.page("people/signin-code", form=forms.Form(), then=inside(then))


@router.post("/sign-in/code")
def prove(visit: Anyone, code: Typed = "", then: Typed = "") -> Response:
    """Take the one-time code; the session is another from then on."""
    with visit.read() as conn:
        half = signin.session(conn, visit.cookie, visit.desk.clock())
    if half is None or half.proved:
        return visit.go("/sign-in", then=inside(then))
    try:
        entered = signin.prove(visit.ledger, half, code, visit.knock)
    except RefusedError as error:
        form = forms.refused(error, visit.lang)
        return visit.page("people/signin-code", 403, form=form, then=inside(then))
    return _welcome(visit, entered.cookie, inside(then))


@router.post("/sign-out")
def leave(visit: Anyone) -> Response:
    """End the session."""
    if visit.who is not None:
        signin.leave(visit.ledger, visit.who.user, visit.knock)
    answer = visit.go("/sign-in", said="signin.said.out")
    set_cookie(visit, answer, None)
    return answer


def _welcome(visit: Visit, cookie: str, path: str, **query: str) -> RedirectResponse:
    answer = visit.go(path, **query)
    set_cookie(visit, answer, cookie)
    return answer
