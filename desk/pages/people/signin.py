"""`/sign-in`: a password, then a code, a new password or a post where one is due; and the way out.

Further posts of a person are described in docs/sign-in.md, Several posts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from catalog.errors import DubanError
from desk.access import signin, visibility
from desk.access.apart import Patient
from desk.access.slowdown import RefusedError
from desk.web import forms, rendering
from desk.web.addresses import inside, redirect
from desk.web.visit import Anyone, Visit
from ledger.post import contacts
from tasks.people import passwords
from tasks.people.passwords import BusyError
from tasks.setup.stage import is_empty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.access.signin import SignIn
    from ledger.people.signin import Session
    from ledger.people.users import User

router = APIRouter()

Text = Annotated[str, Form()]
PAGES = {  # by what is still needed
    "code": "/sign-in/code",
    "password": "/sign-in/password",
    "post": "/sign-in/post",
}


def _busy(visit: Visit, *, user: str, then: str, **_: str) -> Response:
    form = forms.refusal(BusyError("sign-in-busy"), visit.lang, user=user)
    return rendering.page(visit, "people/signin", 503, form=form, then=inside(then))


PATIENT = Patient(waiting=32, longest=5, busy=_busy)


@router.get("/sign-in")
def ask(visit: Anyone, then: str = "") -> Response:
    """Show the form; redirect a person who is signed in already."""
    if visit.who is not None:
        return redirect(inside(then))
    with visit.read() as conn:
        if is_empty(conn):
            return redirect("/setup")
    return rendering.page(visit, "people/signin", form=forms.Form(), then=inside(then))


@router.post("/sign-in")
@PATIENT
def enter(visit: Anyone, user: Text = "", password: Text = "", then: Text = "") -> Response:
    """Sign in, or say why not; the session before this one ends.

    Raises BusyError while too many passwords are being checked.
    """
    try:
        session = signin.enter(visit.ledger, user.strip(), password, visit.caller)
    except RefusedError as error:
        form = forms.refusal(error, visit.lang, user=user)
        return rendering.page(visit, "people/signin", 403, form=form, then=inside(then))
    return welcome(visit, session, inside(then))


@router.get("/sign-in/code")
def ask_code(visit: Anyone, then: str = "") -> Response:
    """Show the form for the one-time code."""
    return rendering.page(visit, "people/signin-code", form=forms.Form(), then=inside(then))


@router.post("/sign-in/code")
def prove(visit: Anyone, code: Text = "", then: Text = "") -> Response:
    """Check the one-time code, and begin a new session."""
    half = _session(visit)
    if half is None or half.proved:
        return redirect("/sign-in", then=inside(then))
    try:
        session = signin.prove(visit.ledger, half, code, visit.caller)
    except RefusedError as error:
        form = forms.refusal(error, visit.lang)
        return rendering.page(visit, "people/signin-code", 403, form=form, then=inside(then))
    return welcome(visit, session, inside(then))


@router.get("/sign-in/password")
def ask_password(visit: Anyone, then: str = "") -> Response:
    """Show the form for a password of one's own, in place of the one that was given once."""
    if _changing(visit) is None:
        return redirect("/sign-in", then=inside(then))
    return rendering.page(visit, "people/signin-password", form=forms.Form(), then=inside(then))


@router.post("/sign-in/password")
def change(visit: Anyone, new: Text = "", again: Text = "", then: Text = "") -> Response:
    """Set a password of one's own, and open the pages."""
    session = _changing(visit)
    if session is None:
        return redirect("/sign-in", then=inside(then))
    user = session.user
    try:
        signin.require_same(new, again)
        passwords.replace_once(visit.ledger, user, new, at=visit.now.at)
    except DubanError as error:
        fields = {error.key: "new", "passwords-differ": "again"}
        form = forms.refusal(error, visit.lang, fields)
        return rendering.page(visit, "people/signin-password", 422, form=form, then=inside(then))
    chosen = not signin.is_choosing(session)
    renewed = signin.renew(visit.ledger, user, visit.caller, chosen=chosen)
    return welcome(visit, renewed, inside(then))


@router.get("/sign-in/post")
def ask_post(visit: Anyone, then: str = "") -> Response:
    """Ask a person with several posts as which they go on, at sign-in and later."""
    posts = _posts(visit)
    if not posts:
        return redirect("/sign-in", then=inside(then))
    return _post_page(visit, posts, forms.Form(), inside(then))


@router.post("/sign-in/post")
def take_post(visit: Anyone, post: Text = "", then: Text = "") -> Response:
    """Go on as one of one's own posts."""
    session, posts = _session(visit), _posts(visit)
    if session is None or not posts:
        return redirect("/sign-in", then=inside(then))
    try:
        entry = signin.take_post(visit.ledger, session, post, visit.caller)
    except DubanError as error:
        return _post_page(visit, posts, forms.refusal(error, visit.lang), inside(then), 404)
    return welcome(visit, entry, inside(then))


def _post_page(
    visit: Visit, posts: Sequence[User], form: forms.Form, then: str, status: int = 200
) -> Response:
    with visit.read() as conn:
        agencies = contacts.agencies(conn)
    office = next((each.id for each in agencies.values() if each.kind == "office"), "")
    ways = [(each, agencies[each.agency].name, visibility.kind(each, office)) for each in posts]
    return rendering.page(visit, "people/signin-post", status, form=form, then=then, ways=ways)


@router.post("/sign-out")
def leave(visit: Anyone) -> Response:
    """End the session."""
    if visit.who is not None:
        signin.leave(visit.ledger, visit.who.user, visit.caller)
    answer = redirect("/sign-in", message="signin.said.out")
    visit.cookie.remove(answer)
    return answer


def welcome(visit: Visit, session: SignIn, then: str) -> RedirectResponse:
    """Send a browser on, to what its session still needs or to the page it came for."""
    page = PAGES.get(session.needs)
    answer = redirect(page, then=then) if page else redirect(then)
    visit.cookie.welcome(answer, session)
    return answer


def _session(visit: Visit) -> Session | None:
    with visit.read() as conn:
        return signin.session(conn, visit.cookie.value(), visit.desk.clock())


def _posts(visit: Visit) -> Sequence[User]:
    """Return the posts that the person of this browser may go on as."""
    session = _session(visit)
    if session is None:
        return ()
    with visit.read() as conn:
        return signin.choices(conn, session, visit.on)


def _changing(visit: Visit) -> Session | None:
    """Return the session of somebody who has to change their password, None of anybody else."""
    session = _session(visit)
    if session is None:
        return None
    with visit.read() as conn:
        return session if signin.must_change(conn, session, visit.on) else None
