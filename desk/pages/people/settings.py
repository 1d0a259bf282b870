"""`/settings/…`: people and logins, tokens, working days."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from catalog.errors import DubanError
from catalog.role_names import UserRole
from desk.access import tokens
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.people import signin
from ledger.people import users as ledger_users
from ledger.post import contacts
from tasks.people import codes, list_of_people, passwords, users
from tasks.people.users import Newcomer

router = APIRouter()
MENU = Entry("/settings", "settings.menu", "administer", 90)  # the office may go there to read

Reader = Annotated[Visit, Depends(entering("see-settings"))]
Administrator = Annotated[Visit, Depends(entering("administer"))]
Text = Annotated[str, Form()]
ADDRESS = ("address-full-width", "address-invalid", "address-not-ascii", "address-with-name")
POST = ("post-there", "post-of-reviewer", "user-unknown")
ROLES: tuple[UserRole, ...] = get_args(UserRole)


@router.get("/settings/users")
def show_users(visit: Administrator) -> Response:
    """Show the logins, and the forms for a new login and for a one-time password."""
    return _users(visit)


@router.post("/settings/users")
def admit(
    visit: Administrator,
    *,
    user: Text = "",
    name: Text = "",
    agency: Text = "",
    role: Text = "",
    mail: Text = "",
    of: Text = "",
) -> Response:
    """Give a person a login; the password is set separately."""
    values = {"user": user, "name": name, "agency": agency, "role": role, "mail": mail, "of": of}
    if role not in ROLES:
        return _users(visit, forms.Form(values, {"role": visit.say("settings.choose")}), 422)
    person = Newcomer(user.strip(), name, agency, role, mail.strip(), of)
    try:
        users.add(visit.ledger, [person], since=visit.on, at=visit.now.at, actor=visit.actor.user)
    except DubanError as error:
        fields = {"user-unfit": "user", "user-exists": "user", "agency-unknown": "agency"}
        fields |= dict.fromkeys(ADDRESS, "mail") | dict.fromkeys(POST, "of")
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
def give_password(visit: Administrator, whose: Text = "", codes_too: Text = "") -> Response:
    """Give a user a password that they must change when they sign in, and show it once.

    With `codes_too` their one-time codes end: they have lost the authenticator.
    """
    now = visit.now
    try:
        password = passwords.give_once(
            visit.ledger, whose, at=now.at, on=now.on, actor=visit.actor.user
        )
        if codes_too:
            codes.end(visit.ledger, whose, at=now.at, actor=visit.actor.user)
    except DubanError as error:
        return _users(visit, forms.refusal(error, visit.lang, {error.key: "whose"}), 422)
    return _users(visit, password=password, whose=whose)


@router.post("/settings/users/mail")
def set_mail(visit: Administrator, person: Text = "", own: Text = "") -> Response:
    """Record the own mail address of a user, or with none that they have none."""
    values = {"person": person, "own": own}
    try:
        users.set_mail(visit.ledger, person, own, at=visit.now.at, actor=visit.actor.user)
    except DubanError as error:
        field = "own" if error.key in ADDRESS else "person"
        return _users(visit, forms.refusal(error, visit.lang, {error.key: field}, **values), 422)
    return redirect("/settings/users", message="settings.said.mail")


@router.get("/settings/tokens")
def show_tokens(visit: Administrator) -> Response:
    """Show the users and kinds of the valid tokens, never the tokens themselves."""
    with visit.read() as conn:
        people = {user.id: user for user in ledger_users.listed(conn)}
        return settings_page(visit, "tokens", live=signin.live_tokens(conn), people=people)


@router.post("/settings/tokens/end")
def end_token(
    visit: Administrator, user: Text = "", kind: Annotated[Literal["api", "feed"], Form()] = "api"
) -> Response:
    """End the tokens of one kind of a user."""
    now = visit.now
    tokens.end_of(visit.ledger, user, kind, on=now.on, at=now.at, actor=visit.actor.user)
    return redirect("/settings/tokens", message="settings.said.token-ended")


def _users(
    visit: Visit,
    form: forms.Form | None = None,
    status: int = 200,
    *,
    password: str = "",
    whose: str = "",
) -> Response:
    with visit.read() as conn:
        logins, own = ledger_users.listed(conn), visit.actor.user
        return settings_page(
            visit,
            "users",
            status,
            form=form or forms.Form(),
            password=password,
            whose=whose,
            live=[u for u in logins if u.until is None or u.until >= visit.on],
            ended=[u for u in logins if u.until is not None and u.until < visit.on],
            roles=ROLES,
            waiting=sum(1 for u in list_of_people.waiting(conn, visit.on) if u.id != own),
        )


def settings_page(visit: Visit, name: str, status: int = 200, **values: Any) -> Response:
    """Return one of the pages of the settings, with the agencies by id."""
    with visit.read() as conn:
        agencies = contacts.agencies(conn)
        return rendering.page(
            visit, f"people/settings-{name}", status, agencies=agencies, page=name, **values
        )
