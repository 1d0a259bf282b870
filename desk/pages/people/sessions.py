"""`/account/sessions`: where a person is signed in, and the end of what they do not recognise."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from desk.access import signin
from desk.web import rendering
from desk.web.addresses import redirect
from desk.web.visit import SignedIn

router = APIRouter()


@router.get("/account/sessions")
def sessions(visit: SignedIn) -> Response:
    """Show the person's sessions: where from, since when, and when last seen."""
    with visit.read() as conn:
        live = signin.sessions(conn, visit.actor.user, visit.desk.clock())
    own = signin.hashed(visit.cookie.value())
    return rendering.page(visit, "people/sessions", live=live, own=own)


@router.post("/account/sessions/end")
def end(visit: SignedIn, session: Annotated[str, Form()] = "") -> Response:
    """End one of the person's sessions; nothing happens for one that is not theirs."""
    signin.end_sessions(visit.ledger, visit.actor.user, visit.caller, only=session)
    return redirect("/account/sessions", message="sessions.said.ended")


@router.post("/account/sessions/end-others")
def end_others(visit: SignedIn) -> Response:
    """End every session of the person but the one of this browser."""
    signin.end_sessions(visit.ledger, visit.actor.user, visit.caller)
    return redirect("/account/sessions", message="sessions.said.others-ended")
