"""`/sign-in/oidc`: signing in with the office's OpenID Connect provider, out and back."""

from __future__ import annotations

import secrets
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.errors import ConflictError, DubanError
from desk.access import oidc, signin
from desk.access.apart import Apart
from desk.access.oidc import ProviderDownError, Trip
from desk.access.slowdown import RefusedError
from desk.pages.people.signin import welcome
from desk.web import forms, rendering
from desk.web.addresses import inside
from desk.web.visit import Anyone, Visit
from ledger.people import signin as ledger_signin
from ledger.settings import Oidc

router = APIRouter()

OUT = "/sign-in/oidc"
BACK = f"{OUT}/back"
TRIP = "-trip"  # the suffix of the cookie of a trip


def _busy(visit: Visit, **_: str) -> Response:
    return _form_again(visit, ConflictError("oidc-busy"), "/", status=503)


# Of all desks of this process together: a provider that is slow keeps nobody else waiting.
_apart = Apart(threads=4, waiting=8, busy=_busy)


@router.post(OUT)
@_apart
def leave(visit: Anyone, then: Annotated[str, Form()] = "") -> Response:
    """Send the browser to the provider, by a page of ours: form-action allows no other site."""
    provider, trip = _provider(visit), Trip(secrets.token_urlsafe(32))
    try:
        signin.set_out(visit.ledger, visit.caller)
        address = oidc.way_out(provider, trip, _back(visit))
    except RefusedError as error:
        return _form_again(visit, error, inside(then), status=403)
    except ProviderDownError as error:
        return _form_again(visit, error, inside(then), status=503)
    at = visit.caller.at
    stale, state = at - oidc.LONGEST_TRIP, signin.hashed(trip.state)
    with visit.ledger.transaction() as tx:
        ledger_signin.start_trip(tx, state, inside(then), at=at, stale=stale)
    answer = rendering.page(visit, "people/oidc", address=address)
    answer.headers["Refresh"] = f"0; url={address}"
    visit.cookie.give(answer, trip.secret, TRIP)
    return answer


@router.get(BACK)
@_apart
def come_back(visit: Anyone, state: str = "", code: str = "") -> Response:
    """Sign in the person the provider sends back.

    This is the only GET that changes anything: a state is good once, for the browser that was sent
    out with it. OpenID Connect requires that; a link in our mails changes nothing.
    """
    provider, then = _provider(visit), "/"
    try:
        trip, then = _trip(visit, state)
        user = oidc.login(provider, trip, code, back=_back(visit), at=visit.caller.at)
        by = provider.issuer
        session = signin.enter_by_provider(visit.ledger, user, visit.caller, by)
    except RefusedError as error:
        return _form_again(visit, error, then, status=403)
    except ProviderDownError as error:
        return _form_again(visit, error, then, status=503)
    answer = welcome(visit, session, then)
    visit.cookie.remove(answer, TRIP)
    return answer


def _trip(visit: Visit, state: str) -> tuple[Trip, str]:
    """Use up the state; return the trip and where it leads, RefusedError for another browser's."""
    trip = Trip(visit.cookie.value(TRIP))
    then = None
    if trip.is_state(state):
        with visit.ledger.transaction() as tx:
            stale = visit.caller.at - oidc.LONGEST_TRIP
            then = ledger_signin.end_trip(tx, signin.hashed(state), stale=stale)
    if then is None:
        raise RefusedError("oidc-stale")
    return trip, then


def _form_again(visit: Visit, error: DubanError, then: str, *, status: int) -> Response:
    return rendering.page(
        visit, "people/signin", status, form=forms.refusal(error, visit.lang), then=then
    )


def _provider(visit: Visit) -> Oidc:
    provider = visit.desk.settings.oidc
    if provider is None:
        raise HTTPException(404)
    return provider.of(visit.desk.settings.jurisdiction)


def _back(visit: Visit) -> str:
    return f"{visit.desk.settings.base_url}{BACK}"
