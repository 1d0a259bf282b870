"""`/account/substitutes`, `/settings/substitutes`: who stands in for whom, and until when."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from catalog.errors import DubanError, InvalidError, NotFoundError
from desk.pages.people.settings import settings_page
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import SignedIn, Visit, entering
from ledger.people import users
from tasks.clock import typed_day
from tasks.deeds import reassigning

if TYPE_CHECKING:
    from ledger.people.users import Delegation

router = APIRouter()

Administrator = Annotated[Visit, Depends(entering("administer"))]
Text = Annotated[str, Form()]
OWN, ALL = "/account/substitutes", "/settings/substitutes"
NAMED, ENDED = "substitutes.said.named", "substitutes.said.ended"
FIELDS = {
    "delegation-days": "until",
    "user-unknown": "substitute",
    "delegation-unfit": "substitute",
    "delegation-unknown": "substitute",
    "delegation-of-another": "person",
}


@router.get(OWN)
def own(visit: SignedIn) -> Response:
    """Show who stands in for the person, whom they stand in for, and a form for another."""
    return _own(visit, forms.Form())


@router.post(OWN)
def name_own(
    visit: SignedIn, substitute: Text = "", since: Text = "", until: Text = ""
) -> Response:
    """Name a substitute of one's own."""
    values = {"substitute": substitute, "since": since, "until": until}
    try:
        _delegate(visit, visit.actor.user, **values)
    except DubanError as error:
        return _own(visit, _refusal(visit, error, **values), 422)
    return redirect(OWN, message=NAMED)


@router.post(f"{OWN}/end")
def end_own(visit: SignedIn, substitute: Text = "") -> Response:
    """End a substitution of one's own from today."""
    try:
        _end(visit, visit.actor.user, substitute)
    except DubanError as error:
        return _own(visit, forms.refusal(error, visit.lang), 422)
    return redirect(OWN, message=ENDED)


@router.get(ALL)
def every(visit: Administrator) -> Response:
    """Show all substitutions that have not ended, and a form for another."""
    return _every(visit, forms.Form())


@router.post(ALL)
def name_any(
    visit: Administrator,
    person: Text = "",
    substitute: Text = "",
    since: Text = "",
    until: Text = "",
) -> Response:
    """Name a substitute of anybody, such as one who has fallen ill."""
    values = {"substitute": substitute, "since": since, "until": until}
    try:
        _delegate(visit, person, **values)
    except DubanError as error:
        form = _refusal(visit, error, **values, person=person)
        return _every(visit, form, 422)
    return redirect(ALL, message=NAMED)


@router.post(f"{ALL}/end")
def end_any(visit: Administrator, person: Text = "", substitute: Text = "") -> Response:
    """End a substitution of anybody from today."""
    try:
        _end(visit, person, substitute)
    except DubanError as error:
        return _every(visit, forms.refusal(error, visit.lang), 422)
    return redirect(ALL, message=ENDED)


def _delegate(visit: Visit, person: str, *, substitute: str, since: str, until: str) -> None:
    first = _day(since, "since") if since.strip() else None
    reassigning.delegate(
        visit.ledger,
        person,
        visit.act,
        substitute=substitute.strip(),
        since=first,
        until=_day(until, "until"),
    )


def _end(visit: Visit, person: str, substitute: str) -> None:
    """End a substitution; NotFoundError where there is none, for nobody is told of logins."""
    with visit.read() as conn:
        if substitute not in {d.substitute for d in users.delegations(conn, of=person)}:
            raise NotFoundError("delegation-unknown", user=person, substitute=substitute)
    reassigning.end_delegation(visit.ledger, person, visit.act, substitute=substitute)


def _day(text: str, field: str) -> dt.date:
    try:
        return typed_day(text)
    except ValueError:
        raise InvalidError("day-unreadable", place=field, typed=text) from None


def _refusal(visit: Visit, error: DubanError, **values: str) -> forms.Form:
    """Return the form with the error at its field; an unreadable day names its own."""
    field = error.values.get("place", "") if error.key == "day-unreadable" else ""
    fields = FIELDS | {"day-unreadable": field} if field else FIELDS
    return forms.refusal(error, visit.lang, fields, **values)


def _own(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    me, values = visit.actor, _values(visit)
    of_me = [each for each in values["live"] if each.user == me.user]
    by_me = [each for each in values["live"] if each.substitute == me.user]
    near = [u for u in values["able"] if u.agency == me.agency and u.id != me.user]
    values |= {"of_me": of_me, "by_me": by_me, "near": near}
    return rendering.page(visit, "people/substitutes", status, form=form, **values)


def _every(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    return settings_page(visit, "substitutes", status, form=form, **_values(visit))


def _values(visit: Visit) -> dict[str, Any]:
    """Return the substitutions that have not ended, everybody by login, and the valid logins."""
    with visit.read() as conn:
        live: list[Delegation] = [d for d in users.delegations(conn) if d.until >= visit.on]
        everybody = users.listed(conn)
    able = [user for user in everybody if users.is_valid(user, visit.on)]
    return {"live": live, "people": {user.id: user for user in everybody}, "able": able}
