"""`/settings/agencies/…/change`: an agency renamed, merged, split, relieved or closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple, get_args

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from catalog.duties import adhoc
from catalog.errors import ConflictError, DubanError, NotFoundError, UsageRefusedError
from catalog.plans.succession import Kind, Order
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger.duties import conditions, duties
from ledger.people import agencies, users
from ledger.post import contacts
from tasks.agencies.registering import id_of
from tasks.agencies.reorganise import reorganise
from tasks.clock import typed_day
from tasks.in_force import in_force
from tasks.post.contacts import POSITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.duties.duties import Duty
    from ledger.people.users import User
    from ledger.session import Connection, Ledger
    from tasks.agencies.reorganise import Reorganised

router = APIRouter()
Keeper = Annotated[Visit, Depends(entering("reorganise"))]
Text = Annotated[str, Form()]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST = 500  # measures in one form
SHOWN = 50  # duties of the preview
FIELDS = {
    "agency-ended": "to",
    "agency-name-taken": "name",
    "agency-open-duties": "to",
    "agency-unknown": "to",
    "day-unreadable": "on",
    "measure-unknown": "measures",
    "succession-document": "document",
    "succession-future": "on",
    "succession-measures": "measures",
    "succession-name": "name",
    "succession-successor": "to",
}


class Wish(NamedTuple):
    """The form of a change, as typed."""

    kind: str
    to: str
    name: str
    on: str
    document: str


class Effects(NamedTuple):
    """What a change would do: the duties that pass on, the users that end, who would not read it.

    `unreached` are the positions of the successor without an address.
    """

    duties: list[Duty]
    total: int
    users: list[User]
    unreached: Sequence[str]


Chosen = Annotated[list[str], Form(max_length=MOST)]


@router.get("/settings/agencies/{agency}/change")
def ask(visit: Keeper, agency: str, kind: str = "") -> Response:
    """Show the form of a change."""
    values = {"kind": kind if kind in KINDS else "renamed", "on": visit.on.isoformat()}
    return _page(visit, agency, forms.Form(values))


@router.post("/settings/agencies/{agency}/change")
def preview(
    visit: Keeper,
    agency: str,
    *,
    kind: Text = "",
    to: Text = "",
    name: Text = "",
    on: Text = "",
    document: Text = "",
    measures: Chosen = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Show what the change would do; nothing is stored."""
    wished = Wish(kind, to, name, on, document)
    try:
        order = _order(visit, agency, wished, measures)
        with visit.ledger.rehearsal() as rehearsal:
            result = reorganise(rehearsal, order, visit.act)
            effects = _effects(visit, rehearsal, result)
    except DubanError as error:
        return _refused(visit, agency, error, wished, measures)
    return _page(visit, agency, _form(wished, measures), effects=effects)


@router.post("/settings/agencies/{agency}/change/do")
def carry_out(
    visit: Keeper,
    agency: str,
    *,
    kind: Text = "",
    to: Text = "",
    name: Text = "",
    on: Text = "",
    document: Text = "",
    measures: Chosen = [],  # noqa: B006  FastAPI copies it
) -> Response:
    """Carry out the change that was shown."""
    wished = Wish(kind, to, name, on, document)
    try:
        reorganise(visit.ledger, _order(visit, agency, wished, measures), visit.act)
    except DubanError as error:
        return _refused(visit, agency, error, wished, measures)
    return redirect(f"/settings/agencies/{agency}", "agencies.said.changed")


def _order(visit: Visit, agency: str, wished: Wish, measures: list[str]) -> Order:
    kind = next((each for each in KINDS if each == wished.kind), None)
    if kind is None:
        raise NotFoundError("succession-kind", kind=wished.kind, known=", ".join(KINDS))
    try:
        on = typed_day(wished.on)
    except ValueError as error:
        raise UsageRefusedError("day-unreadable", typed=wished.on) from error
    to, name, document = (text.strip() for text in (wished.to, wished.name, wished.document))
    if name and not to and kind != "renamed":
        with visit.read() as conn:
            to = id_of(name, contacts.agencies(conn))
    return Order(kind, agency, on, document, to or None, name or None, tuple(measures))


def _effects(visit: Visit, rehearsal: Ledger, result: Reorganised) -> Effects:
    """Return what the rehearsed change does."""
    heir = result.succession.successor
    with rehearsal.read() as conn:
        passed = duties.of(conn, result.duties[:SHOWN])
        boxes = contacts.mailboxes(conn, visit.on)
        staff = [users.user(conn, login) for login in result.users]
    open_positions = [p for p in POSITIONS[:-1] if heir and (heir, p) not in boxes]
    unreached = open_positions if result.duties else []
    return Effects(list(passed.values()), len(result.duties), staff, unreached)


def _form(wished: Wish, measures: list[str]) -> forms.Form:
    return forms.Form({**wished._asdict(), "measures": measures})


def _refused(
    visit: Visit, agency: str, error: DubanError, wished: Wish, measures: list[str]
) -> Response:
    values = _form(wished, measures).values
    form = forms.refusal(error, visit.lang, FIELDS, **values)
    return _page(visit, agency, form, 409 if isinstance(error, ConflictError) else 422)


def _page(
    visit: Visit,
    agency: str,
    form: forms.Form,
    status: int = 200,
    *,
    effects: Effects | None = None,
) -> Response:
    with visit.read() as conn:
        register = contacts.agencies(conn)
        if agency not in register:
            raise NotFoundError("agency-unknown", agency=agency)
        ended = {s.agency for s in agencies.successions(conn) if s.kind in agencies.ENDS}
        heirs = [
            a
            for a in register.values()
            if a.id != agency and a.id not in ended and a.kind not in ("open-group", "office")
        ]
        return rendering.page(
            visit,
            "offices/reorganising",
            status,
            page="agencies",
            agency=register[agency],
            form=form,
            kinds=KINDS if register[agency].kind != "office" else KINDS[:1],
            heirs=heirs,
            names={each.id: each.name for each in register.values()},
            measures=_measures(conn, agency),
            effects=effects,
        )


def _measures(conn: Connection, agency: str) -> list[tuple[str, str]]:
    """Return the measures with an unfinished duty of the agency: `plan/number`, and a title."""
    chosen = duties.chosen(conn, conditions.concerning([agency]), conditions.UNFINISHED)
    parts = sorted({(duty.plan, duty.measure) for duty in chosen}, key=_in_order)
    titles = {}
    for plan, number in parts:
        edition = in_force(conn, plan).plan
        adhoc_title = number == adhoc.MEASURE
        titles[plan, number] = "" if adhoc_title else edition.measure(number).title
    return [(f"{plan}/{number}", titles[plan, number]) for plan, number in parts]


def _in_order(part: tuple[str, str]) -> tuple[str, int, str]:
    return (part[0], len(part[1]), part[1])
