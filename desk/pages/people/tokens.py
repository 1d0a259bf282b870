"""`/account/tokens`: the token by which a person's own system acts for them."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from desk.access import tokens
from desk.web import rendering
from desk.web.addresses import redirect
from desk.web.visit import SignedIn, Visit
from ledger.people import signin

router = APIRouter()


@router.get("/account/tokens")
def show(visit: SignedIn) -> Response:
    """Show whether the person has a token; the token itself is shown once."""
    return _page(visit)


@router.post("/account/tokens")
def make(visit: SignedIn) -> Response:
    """Make a token and show it once; the former one ends."""
    user = visit.actor.user
    token = tokens.issue_own(visit.ledger, user, on=visit.on, at=visit.now.at)
    return _page(visit, token)


@router.post("/account/tokens/end")
def end(visit: SignedIn) -> Response:
    """End the token."""
    user = visit.actor.user
    tokens.end_of(visit.ledger, user, "api", on=visit.on, at=visit.now.at, actor=user)
    return redirect("/account/tokens", message="tokens.said.ended")


def _page(visit: Visit, token: str = "") -> Response:
    with visit.read() as conn:
        live = signin.tokens(conn, visit.actor.user, "api")
    return rendering.page(visit, "people/tokens", shown=token, live=live)
