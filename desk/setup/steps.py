"""The steps of the setting up, in their order, and how far each has come."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from fastapi import Depends
from starlette.exceptions import HTTPException

from desk.access import setup_code
from desk.web import rendering
from desk.web.visit import Anyone, SignInNeededError, Visit
from tasks.act import Act
from tasks.setup.choices import choices
from tasks.setup.founding import office
from tasks.setup.stage import SETUP, is_empty, is_open

if TYPE_CHECKING:
    from fastapi.responses import Response

    from ledger.session import Connection

Name = Literal[
    "office", "administrator", "mail", "agencies", "plan", "people", "start", "past", "go"
]
ORDER: tuple[Name, ...] = (
    *("office", "administrator", "mail", "agencies", "plan", "people", "start", "past", "go"),
)
NEEDED: frozenset[Name] = frozenset({"office", "administrator", "plan"})  # before the go


class Step(NamedTuple):
    """A step as the list of steps shows it; `state` is done, later, here or open."""

    number: int
    name: Name
    path: str
    state: str


def setting_up(visit: Anyone) -> Visit:
    """Return the visit of whoever may set the office up.

    On an empty home that is the browser that has shown the code, afterwards the administrator
    until a plan is in force; then there are no such pages any more.
    """
    with visit.read() as conn:
        empty, open_ = is_empty(conn), is_open(conn)
    if empty:
        if not knows_code(visit):
            raise SignInNeededError("sign-in-needed")
        return visit
    if not visit.actor.is_founding and not visit.may("set-up"):
        raise HTTPException(403)
    if not open_:
        raise HTTPException(404)
    return visit


def founded(visit: Annotated[Visit, Depends(setting_up)]) -> Visit:
    """Return the visit of the administrator who sets the office up."""
    _ = visit.actor
    return visit


SettingUp = Annotated[Visit, Depends(setting_up)]
Founded = Annotated[Visit, Depends(founded)]


def knows_code(visit: Visit) -> bool:
    """Tell whether this browser has shown the code of an empty home."""
    home, at = visit.ledger.settings.home, visit.desk.clock()
    return setup_code.is_known(home, visit.cookie.value(), at)


def act_of(visit: Visit) -> Act:
    """Return an act of the administrator, or of the setting up while there is none."""
    return Act(visit.who.user if visit.who else SETUP, visit.on, visit.now.at)


def path_of(name: Name) -> str:
    """Return the address of a step."""
    return f"/setup/{name}"


def after(name: Name) -> str:
    """Return the address of the step after this one."""
    return path_of(ORDER[ORDER.index(name) + 1])


def steps(conn: Connection, here: str = "") -> list[Step]:
    """Return the steps with their states; `here` is the one on the page."""
    return [
        Step(number, name, path_of(name), _state(name, here, _done(conn)))
        for number, name in enumerate(ORDER, 1)
    ]


def next_step(conn: Connection) -> str:
    """Return the address of the first step that is open."""
    states = _done(conn)
    return path_of(next(name for name in ORDER if name not in states))


def step_page(visit: Visit, name: Name, status: int = 200, /, **values: Any) -> Response:
    """Answer with the page of a step, beside the list of all of them."""
    with visit.read() as conn:
        all_steps = steps(conn, here=name)
    number = ORDER.index(name)
    back = path_of(ORDER[number - 1]) if number else "/setup"
    values = {"name": name, "steps": all_steps, "back": back} | values
    return rendering.page(visit, f"setup/{name}", status, **values)


def _done(conn: Connection) -> dict[str, str]:
    """Return the state of each step that is done, or left for later."""
    states = {step: _of_choice(choice) for step, choice in choices(conn).items()}
    named, people = office(conn) is not None, not is_empty(conn)
    own = {"office": "done" if named else "", "administrator": "done" if people else ""}
    return {name: state for name, state in (own | states).items() if state}


def _of_choice(choice: Any) -> str:
    return "later" if choice.get("later") else "done"


def _state(name: str, here: str, states: dict[str, str]) -> str:
    return "here" if name == here else states.get(name, "open")
