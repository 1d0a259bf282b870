"""`/setup/people`: logins for the people whom the list of agencies names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response

from desk.setup.steps import Founded, act_of, after, step_page
from desk.web import forms
from desk.web.addresses import redirect
from desk.web.fields import WholeForm, refuse_unknown
from ledger.people import users
from ledger.post import contacts
from tasks.agencies.columns import position_of
from tasks.people.users import LONGEST
from tasks.setup.choices import choices, choose
from tasks.setup.going import lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from desk.web.visit import Visit
    from tasks.agencies.list_of_agencies import Line

router = APIRouter()


class Candidate(NamedTuple):
    """A person of the list, with the login proposed for them."""

    number: int
    name: str
    agency: str
    mail: str
    login: str
    is_chosen: bool = True


@router.get("/setup/people")
def show(visit: Founded) -> Response:
    """Show the officers whom the list names, each with a login proposed."""
    return _page(visit, _candidates(visit))


@router.post("/setup/people")
def take(visit: Founded, fields: WholeForm) -> Response:
    """Keep who is to get a login; they get one-time passwords after the go."""
    offered = _candidates(visit)
    names = [f"{field}-{each.number}" for each in offered for field in ("take", "login")]
    refuse_unknown(fields, names)
    candidates = [_typed(each, fields) for each in offered]
    with visit.read() as conn:
        existing = {user.id for user in users.listed(conn)}
    chosen = [each for each in candidates if each.is_chosen]
    if errors := dict(_wrong(visit, chosen, existing)):
        return _page(visit, candidates, errors, 422)
    people = [{"id": c.login, "name": c.name, "agency": c.agency, "mail": c.mail} for c in chosen]
    act = act_of(visit)
    choice = {"people": people} if people else {"later": True}
    choose(visit.ledger, "people", choice, at=act.at, actor=act.user)
    return redirect(after("people"))


def _candidates(visit: Visit) -> list[Candidate]:
    """Return the officers of the list, as chosen before or with a login from their address."""
    with visit.read() as conn:
        stands, present = choices(conn), users.listed(conn)
        register = contacts.agencies(conn)
    logins = {user.id for user in present}
    chosen = {(p["name"], p["agency"]): p["id"] for p in stands.get("people", {}).get("people", ())}
    rows = [line for line in lines_of(stands.get("agencies")) if _is_officer(line)]
    listed_people = {(user.name, register[user.agency].name) for user in present}
    candidates: list[Candidate] = []
    for line in rows:
        who = (line.person, line.name)
        if who in listed_people:
            continue
        listed_people.add(who)
        login = chosen.get(who) or _login(line, logins)
        logins.add(login)
        picked = who in chosen if "people" in stands else bool(login)
        mail = line.mail.split(",")[0].strip()
        candidates.append(Candidate(len(candidates), *who, mail, login, picked))
    return candidates


def _is_officer(line: Line) -> bool:
    position = position_of(line.position) if line.position else "officer"
    return bool(line.person) and position == "officer"


def _login(line: Line, logins: set[str]) -> str:
    """Return the part of the address before the @, with a number where it is taken."""
    stem = line.mail.partition("@")[0].strip()[: LONGEST - 4]
    login, number = stem, 2
    while login and login in logins:
        login, number = f"{stem}{number}", number + 1
    return login


def _typed(candidate: Candidate, fields: Mapping[str, Any]) -> Candidate:
    login = str(fields.get(f"login-{candidate.number}", "")).strip()
    return candidate._replace(login=login, is_chosen=f"take-{candidate.number}" in fields)


def _wrong(
    visit: Visit, chosen: Sequence[Candidate], existing: set[str]
) -> Iterator[tuple[str, str]]:
    """Yield the field and the text of each login that cannot be given."""
    logins = set(existing)
    for each in chosen:
        if not each.login or each.login.split() != [each.login] or len(each.login) > LONGEST:
            yield f"login-{each.number}", visit.say("setup.people.unfit", name=each.name)
        elif each.login in logins:
            yield f"login-{each.number}", visit.say("setup.people.twice", login=each.login)
        logins.add(each.login)


def _page(
    visit: Visit,
    candidates: Sequence[Candidate],
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    form = forms.Form({}, errors or {})
    return step_page(visit, "people", status, form=form, candidates=candidates)
