"""`/settings`: agencies, how their positions are reached, and test letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, get_args

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from catalog.errors import DubanError
from desk.pages.people.settings import settings_page
from desk.web import forms
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger.people import agencies
from ledger.post import bounces, contacts
from ledger.post.contacts import MAIL
from tasks.post.addresses import known_channels
from tasks.post.contacts import Contact, Position, end, name_persons, reach
from tasks.post.trial import send_trial

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tasks.post.trial import Trial

router = APIRouter()

Reader = Annotated[Visit, Depends(entering("see-settings"))]
Administrator = Annotated[Visit, Depends(entering("administer"))]
Text = Annotated[str, Form()]
POSITIONS: tuple[Position, ...] = get_args(Position)
FIELDS = {
    "agency-unknown": "agency",
    "channel-unknown": "channel",
    "contact-none": "address",
    "contact-unknown": "address",
    "text-too-long": "",
}


@router.get("/settings")
def show(visit: Reader, agency: str = "", position: str = "", channel: str = MAIL) -> Response:
    """Show every agency with its contacts, and to the administrator the form for one position."""
    return _page(visit, _form(visit, agency, position, channel))


@router.post("/settings/contacts")
def record(
    visit: Administrator,
    *,
    agency: Text = "",
    position: Text = "",
    channel: Text = "mail",
    address: Text = "",
    person: Text = "",
    telephone: Text = "",
) -> Response:
    """Record the addresses of a position on one channel, and its contact person."""
    values = {"agency": agency, "position": position, "channel": channel, "address": address}
    values |= {"person": person, "telephone": telephone}
    if position not in POSITIONS:
        return _page(visit, forms.Form(values, {"position": visit.say("settings.choose")}), 422)
    at, user = visit.now.at, visit.actor.user
    words = {(agency, position): {"name": person, "telephone": telephone}}
    try:
        if address.strip() or not any(words[agency, position].values()):
            reach(visit.ledger, [Contact(agency, position, channel, address)], at=at, actor=user)
        name_persons(visit.ledger, words, at=at, actor=user)
    except DubanError as error:
        return _refused(visit, error, values)
    return redirect("/settings", "settings.said.reached", agency=agency, position=position)


@router.post("/settings/contacts/end")
def end_address(
    visit: Administrator,
    agency: Text = "",
    position: Text = "",
    channel: Text = "",
    address: Text = "",
) -> Response:
    """End one address of a position."""
    form = _form(visit, agency, position, channel)
    if position not in POSITIONS or not address:
        wrong = {"position": visit.say("settings.choose")}
        return _page(visit, form._replace(errors=wrong), 422)
    try:
        contact = Contact(agency, position, channel, address)
        end(visit.ledger, contact, at=visit.now.at, actor=visit.actor.user)
    except DubanError as error:
        return _refused(visit, error, form.values)
    return redirect("/settings", "settings.said.address-ended", agency=agency, position=position)


@router.post("/settings/contacts/test")
def send_test(visit: Administrator, agency: Text = "", position: Text = "") -> Response:
    """Send a test letter to each address of a position, and show what became of it."""
    form = _form(visit, agency, position)
    try:
        trials = send_trial(
            visit.ledger, agency, position, clock=lambda: visit.now.at, actor=visit.actor.user
        )
    except DubanError as error:
        return _refused(visit, error, form.values)
    return _page(visit, form, trials=trials)


def _form(visit: Visit, agency: str, position: str, channel: str = MAIL) -> forms.Form:
    """Return the form of a position with what is recorded of it."""
    with visit.read() as conn:
        address = contacts.ways(conn, agency, position).get(channel, "")
        person, telephone = contacts.person(conn, agency, position)
    values = {"agency": agency, "position": position, "channel": channel, "address": address}
    return forms.Form({**values, "person": person, "telephone": telephone})


def _refused(visit: Visit, error: DubanError, values: Mapping[str, object]) -> Response:
    field = FIELDS.get(error.key, "address")
    return _page(visit, forms.refusal(error, visit.lang, {error.key: field}, **values), 422)


def _page(
    visit: Visit, form: forms.Form, status: int = 200, *, trials: Sequence[Trial] = ()
) -> Response:
    with visit.read() as conn:
        return settings_page(
            visit,
            "agencies",
            status,
            form=form,
            reached=contacts.mailboxes(conn, visit.on),
            own={key: _several(by) for key, by in contacts.contacts(conn).items()},
            persons=contacts.persons(conn),
            marks=bounces.unreachable(conn),
            successions=agencies.successions(conn),
            positions=POSITIONS,
            channels=known_channels(visit.desk.settings),
            trials=trials,
        )


def _several(by_channel: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {channel: contacts.several(addresses) for channel, addresses in by_channel.items()}
