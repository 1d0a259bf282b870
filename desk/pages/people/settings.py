"""`/settings`: agencies and their contacts, people and logins, working days, tokens."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from catalog.dates.workdays import load_workdays, notices
from catalog.errors import DubanError
from catalog.plans.model import Plan
from catalog.role_names import UserRole
from desk.access import tokens
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.people import agencies, signin
from ledger.people import users as ledger_users
from ledger.post import contacts
from tasks.people import passwords, users
from tasks.people.users import Newcomer
from tasks.post.contacts import Contact, Position, reach

router = APIRouter()
MENU = Entry("/settings", "settings.menu", "administer", 90)  # the office may go there to read

Reader = Annotated[Visit, Depends(entering("see-settings"))]
Administrator = Annotated[Visit, Depends(entering("administer"))]
Text = Annotated[str, Form()]
PAGES = ("agencies", "users", "tokens", "workdays")
POSITIONS: tuple[Position, ...] = get_args(Position)
ROLES: tuple[UserRole, ...] = get_args(UserRole)


@router.get("/settings")
def show_agencies(visit: Reader, agency: str = "", position: str = "") -> Response:
    """Show every agency with its contacts, and to the administrator the form for one of them."""
    return _agencies(visit, forms.Form({"agency": agency, "position": position}))


@router.post("/settings/contacts")
def say_contact(
    visit: Administrator,
    agency: Text = "",
    position: Text = "",
    channel: Text = "mail",
    address: Text = "",
) -> Response:
    """Set the address of a position of an agency."""
    values = {"agency": agency, "position": position, "channel": channel, "address": address}
    if position not in POSITIONS:
        return _agencies(visit, forms.Form(values, {"position": visit.say("settings.choose")}), 422)
    contact = Contact(agency, position, channel, address)
    try:
        reach(visit.ledger, [contact], at=visit.now.at, actor=visit.actor.user)
    except DubanError as error:
        fields = {"agency-unknown": "agency", "channel-unknown": "channel"}
        fields.setdefault(error.key, "address")
        return _agencies(visit, forms.refusal(error, visit.lang, fields, **values), 422)
    return redirect("/settings", message="settings.said.reached")


@router.get("/settings/users")
def show_users(visit: Administrator) -> Response:
    """Show the logins, and the forms for a new login and for a one-time password."""
    return _users(visit)


@router.post("/settings/users")
def admit(
    visit: Administrator, user: Text = "", name: Text = "", agency: Text = "", role: Text = ""
) -> Response:
    """Give a person a login; the password is set separately."""
    values = {"user": user, "name": name, "agency": agency, "role": role}
    if role not in ROLES:
        return _users(visit, forms.Form(values, {"role": visit.say("settings.choose")}), 422)
    person = Newcomer(user.strip(), name, agency, role)
    try:
        users.add(visit.ledger, [person], since=visit.on, at=visit.now.at, actor=visit.actor.user)
    except DubanError as error:
        fields = {"user-unfit": "user", "user-exists": "user", "agency-unknown": "agency"}
        return _users(visit, forms.refusal(error, visit.lang, fields, **values), 422)
    return redirect("/settings/users", message="settings.said.admitted")


@router.post("/settings/users/end")
def end_user(visit: Administrator, user: Text = "") -> Response:
    """End a login from today; nobody ends their own, so that somebody is left."""
    if user == visit.actor.user:
        return _users(visit, forms.Form({}, {"": visit.say("settings.not-oneself")}), 409)
    try:
        users.disable(visit.ledger, user, on=visit.on, at=visit.now.at, actor=visit.actor.user)
    except DubanError as error:
        return _users(visit, forms.refusal(error, visit.lang), 422)
    return redirect("/settings/users", message="settings.said.ended")


@router.post("/settings/users/password")
def give_password(visit: Administrator, whose: Text = "") -> Response:
    """Give a user a password that they must change when they sign in, and show it once."""
    now = visit.now
    try:
        password = passwords.give_once(
            visit.ledger, whose, at=now.at, on=now.on, actor=visit.actor.user
        )
    except DubanError as error:
        return _users(visit, forms.refusal(error, visit.lang, {error.key: "whose"}), 422)
    return _users(visit, password=password, whose=whose)


@router.get("/settings/tokens")
def show_tokens(visit: Administrator) -> Response:
    """Show the users and kinds of the valid tokens, never the tokens themselves."""
    with visit.read() as conn:
        people = {user.id: user for user in ledger_users.listed(conn)}
        return _page(visit, "tokens", live=signin.live_tokens(conn), people=people)


@router.post("/settings/tokens/end")
def end_token(
    visit: Administrator, user: Text = "", kind: Annotated[Literal["api", "feed"], Form()] = "api"
) -> Response:
    """End the tokens of one kind of a user."""
    now = visit.now
    tokens.end_of(visit.ledger, user, kind, on=now.on, at=now.at, actor=visit.actor.user)
    return redirect("/settings/tokens", message="settings.said.token-ended")


@router.get("/settings/workdays")
def workdays(visit: Reader) -> Response:
    """Show the working days of the plans, each year with the notice it comes from."""
    documents = [Plan.model_validate_json(edition.document) for edition in visit.plans]
    code = documents[0].workdays if documents else "CN"
    return _page(visit, "workdays", calendar=load_workdays(code), notices=notices(code))


def _channels(visit: Visit) -> list[str]:
    """Return the channels by name; their addresses hold secrets and are not shown."""
    return ["mail", *sorted(visit.desk.settings.channels)]


def _agencies(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    with visit.read() as conn:
        return _page(
            visit,
            "agencies",
            status,
            form=form,
            contacts=contacts.contacts(conn),
            successions=agencies.successions(conn),
            positions=POSITIONS,
            channels=_channels(visit),
        )


def _users(
    visit: Visit,
    form: forms.Form | None = None,
    status: int = 200,
    *,
    password: str = "",
    whose: str = "",
) -> Response:
    with visit.read() as conn:
        logins = ledger_users.listed(conn)
        return _page(
            visit,
            "users",
            status,
            form=form or forms.Form(),
            password=password,
            whose=whose,
            live=[u for u in logins if u.until is None or u.until >= visit.on],
            ended=[u for u in logins if u.until is not None and u.until < visit.on],
            roles=ROLES,
        )


def _page(visit: Visit, name: str, status: int = 200, **values: Any) -> Response:
    with visit.read() as conn:
        agencies = contacts.agencies(conn)
        return rendering.page(
            visit, f"people/settings-{name}", status, agencies=agencies, page=name, **values
        )
