"""`/settings/agencies/…`: one agency, how its positions are reached, and test letters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from catalog.errors import DubanError, NotFoundError
from desk.proof.journal import journal_lines
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger.duties import conditions, duties
from ledger.people import agencies, users
from ledger.post import bounces, contacts
from ledger.post.contacts import MAIL
from ledger.proof import journal
from tasks.agencies.names import names
from tasks.agencies.registering import add_aliases, several_names
from tasks.post.addresses import known_channels
from tasks.post.contacts import POSITIONS, Contact, end, name_persons, reach
from tasks.post.trial import send_trial

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tasks.post.trial import Trial

router = APIRouter()

Reader = Annotated[Visit, Depends(entering("see-settings"))]
Administrator = Annotated[Visit, Depends(entering("administer"))]
Text = Annotated[str, Form()]
ENTRIES = 20  # of the history
FIELDS = {
    "agency-name": "aliases",
    "agency-name-taken": "aliases",
    "channel-unknown": "channel",
    "contact-none": "address",
    "contact-unknown": "address",
    "text-too-long": "",
}


@router.get("/settings/agencies/{agency}")
def show(visit: Reader, agency: str, position: str = "", channel: str = MAIL) -> Response:
    """Show an agency with its contacts, users, duties and history, and the form of a position."""
    return _page(visit, agency, _form(visit, agency, position, channel))


@router.post("/settings/agencies/{agency}/aliases")
def call_also(visit: Administrator, agency: str, aliases: Text = "") -> Response:
    """Record further names of an agency."""
    try:
        at, actor = visit.now.at, visit.actor.user
        add_aliases(visit.ledger, agency, several_names(aliases), at=at, actor=actor)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, FIELDS, aliases=aliases)
        return _page(visit, agency, form, 422)
    return redirect(f"/settings/agencies/{agency}", "agencies.said.also-called")


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
    place = next((each for each in POSITIONS if each == position), None)
    if place is None:
        wrong = forms.Form(values, {"position": visit.say("settings.choose")})
        return _page(visit, agency, wrong, 422)
    at, user = visit.now.at, visit.actor.user
    words = {(agency, place): {"name": person, "telephone": telephone}}
    try:
        with visit.ledger.together() as whole:
            if address.strip() or not (person or telephone):
                reach(whole, [Contact(agency, place, channel, address)], at=at, actor=user)
            name_persons(whole, words, at=at, actor=user)
    except DubanError as error:
        return _refused(visit, error, values)
    return redirect(f"/settings/agencies/{agency}", "settings.said.reached", position=position)


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
    place = next((each for each in POSITIONS if each == position), None)
    if place is None or not address:
        wrong = {"position": visit.say("settings.choose")}
        return _page(visit, agency, form._replace(errors=wrong), 422)
    try:
        contact = Contact(agency, place, channel, address)
        end(visit.ledger, contact, at=visit.now.at, actor=visit.actor.user)
    except DubanError as error:
        return _refused(visit, error, form.values)
    message = "settings.said.address-ended"
    return redirect(f"/settings/agencies/{agency}", message, position=position)


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
    return _page(visit, agency, form, trials=trials)


def _form(visit: Visit, agency: str, position: str, channel: str = MAIL) -> forms.Form:
    """Return the form of a position with what is recorded of it."""
    with visit.read() as conn:
        address = contacts.ways(conn, agency, position).get(channel, "")
        person, telephone = contacts.person(conn, agency, position)
    values = {"agency": agency, "position": position, "channel": channel, "address": address}
    return forms.Form({**values, "person": person, "telephone": telephone})


def _refused(visit: Visit, error: DubanError, values: Mapping[str, object]) -> Response:
    field = FIELDS.get(error.key, "address")
    form = forms.refusal(error, visit.lang, {error.key: field}, **values)
    return _page(visit, str(values["agency"]), form, 422)


def _page(
    visit: Visit,
    agency: str,
    form: forms.Form,
    status: int = 200,
    *,
    trials: Sequence[Trial] = (),
) -> Response:
    with visit.read() as conn:
        register = contacts.agencies(conn)
        if agency not in register:
            raise NotFoundError("agency-unknown", agency=agency)
        body, staff = register[agency], users.listed(conn, agency=agency)
        unfinished = (conditions.concerning([agency]), conditions.UNFINISHED)
        return rendering.page(
            visit,
            "offices/agency",
            status,
            page="agencies",
            agency=body,
            host=register.get(body.host or ""),
            also=sorted(names(conn)[agency] - {body.name}),
            ended_on=agencies.ended_on(conn, agency),
            form=form,
            reached=contacts.mailboxes(conn, visit.on),
            own={key: _several(by) for key, by in contacts.contacts(conn, agency=agency).items()},
            persons=contacts.persons(conn, agency=agency),
            marks=bounces.unreachable(conn),
            positions=POSITIONS,
            channels=known_channels(visit.desk.settings),
            trials=trials,
            staff=[u for u in staff if u.until is None or u.until >= visit.on],
            count=duties.count(conn, *unfinished),
            successions=agencies.successions(conn),
            names={each.id: each.name for each in register.values()},
            entries=journal_lines(
                journal.chosen(conn, *journal.about_any(_subjects(agency)), limit=ENTRIES)[::-1],
                users.listed(conn),
                agencies.agencies_on(conn),
            ),
        )


def _subjects(agency: str) -> list[str]:
    return [agency, *(f"{agency}/{position}" for position in POSITIONS)]


def _several(by_channel: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {channel: contacts.several(addresses) for channel, addresses in by_channel.items()}
