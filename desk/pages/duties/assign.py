"""`/assign`: duties beside the plan, and the form with which the office assigns one."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated, Any, cast

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.dates.recurrence import RECURRENCES
from catalog.duties import adhoc
from catalog.duties.evidence_rules import LABELS
from catalog.errors import ConflictError, DubanError, UsageRefusedError
from catalog.wording import say
from desk.access import visibility
from desk.duties.dossier import countdown
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.fields import WholeForm, refuse_unknown
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.duties import assignments, conditions, duties, meetings
from ledger.people import agencies
from tasks.clock import typed_day
from tasks.in_force import in_force
from tasks.plans import assigning

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from starlette.datastructures import FormData

    from catalog.dates.recurrence import Recurs
    from ledger.duties.duties import Duty
    from ledger.session import Connection

router = APIRouter()
MENU = Entry("/assign", "assign.menu", "assign", 24)
LISTED = 50
SHARED = ("source", "document", "dated_on", "meeting", "rows")
TEXTS = ("title", "to", "due_on", "recurrence", "until")  # of each duty, as CHOICES
CHOICES = ("with", "evidence")
MORE, MOST = 3, 20  # duties that are added to the form at once, and that it has at most
# The fields that refusals are about.
FIELDS = {
    "agency-unknown": "to",
    "assign-ahead": "dated_on",
    "assign-needs-due-on": "due_on",
    "assign-needs-source": "source",
    "assign-needs-title": "title",
    "assign-past": "due_on",
    "assign-to-nobody": "to",
    "assign-to-office": "to",
    "assign-too-often": "until",
    "assign-until": "until",
    "assign-until-once": "until",
}

Office = Annotated[Visit, Depends(entering("assign"))]


@router.get("/assign")
def index(visit: Office, meeting: str = "") -> Response:
    """Show the duties beside the plan, or the decisions of a meeting, and the form."""
    return _page(visit, forms.Form({"meeting": meeting}), meeting)


@router.post("/assign")
def assign(visit: Office, form: WholeForm) -> Response:
    """Assign the duties of the form, all or none; or show it with room for more.

    The first has its fields by their names (`title`), the others with their number (`title-2`).
    """
    many = _many(form)
    names = [_named(name, n) for n in range(1, many + 1) for name in (*TEXTS, *CHOICES)]
    refuse_unknown(form, (*SHARED, *names, "more"))
    meeting = _text(form, "meeting")
    if form.get("more"):
        return _page(visit, _typed(form, many), meeting, many=many + MORE)
    errors = _assign(visit, form, many)
    if errors:
        return _page(visit, _typed(form, many, errors), meeting, 422, many=many)
    query = {"meeting": meeting} if meeting else {}
    return redirect("/assign", message="assign.said.assigned", plan=visit.plan, **query)


def _assign(visit: Visit, form: FormData, many: int) -> dict[str, str]:
    """Assign the duties of the form; return the text of what is wrong by field, empty for none."""
    orders: dict[int, assigning.Order] = {}
    errors: dict[str, str] = {}
    for number in _begun(form, many):
        try:
            orders[number] = _order(form, number)
        except DubanError as error:
            errors |= _at_fields(visit, error, number)
    numbers, every = [*orders], [*orders.values()]
    refused = assigning.refusals(visit.ledger, visit.plan, visit.act, every)
    for place, why in refused.items():
        errors |= _at_fields(visit, why, numbers[place])
    if not errors:
        try:
            assigning.assign_all(visit.ledger, visit.plan, visit.act, every)
        except DubanError as error:
            return _at_fields(visit, error, numbers[0])
    return errors


def _at_fields(visit: Visit, error: DubanError, number: int) -> dict[str, str]:
    """Return the text of the error by the field of the duty of that number that it is about."""
    field = error.values.get("field") or FIELDS.get(error.key, "")
    name = str(field) if field in SHARED else _named(str(field), number) if field else ""
    return dict(forms.refusal(error, visit.lang, {error.key: name}).errors)


def _typed(form: FormData, many: int, errors: Mapping[str, str] | None = None) -> forms.Form:
    """Return the form with all that was typed."""
    numbers = range(1, many + 1)
    texts = [*SHARED, *(_named(name, n) for n in numbers for name in TEXTS)]
    choices = [_named(name, n) for n in numbers for name in CHOICES]
    values: dict[str, object] = {name: _text(form, name) for name in texts}
    values |= {name: form.getlist(name) for name in choices}
    return forms.Form(values, errors or {})


def _many(form: FormData) -> int:
    """Return how many duties the form has room for."""
    text = _text(form, "rows")[:4]
    return min(max(int(text), 1), MOST) if text.isdecimal() else 1


def _begun(form: FormData, many: int) -> list[int]:
    """Return the numbers of the duties of which something is typed, or that of the first."""
    begun = [n for n in range(1, many + 1) if any(_text(form, _named(t, n)) for t in TEXTS[:3])]
    return begun or [1]


def _named(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"


def _order(form: FormData, number: int) -> assigning.Order:
    def named(name: str) -> str:
        return _named(name, number)

    due_on = _day(form, named("due_on"), "due_on")
    if due_on is None:
        raise ConflictError("assign-needs-due-on")
    recurrence = _text(form, named("recurrence")) or "once"
    if recurrence not in RECURRENCES:
        raise UsageRefusedError("field-unfit", name=named("recurrence"))
    return assigning.Order(
        title=_text(form, named("title")),
        to=_text(form, named("to")),
        due_on=due_on,
        source=_text(form, "source"),
        participants=tuple(map(str, form.getlist(named("with")))),
        evidence=tuple(map(str, form.getlist(named("evidence")))),
        document=_text(form, "document"),
        dated_on=_day(form, "dated_on", "dated_on"),
        meeting=_text(form, "meeting"),
        recurrence=cast("Recurs", recurrence),
        until=_day(form, named("until"), "until"),
    )


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _day(form: FormData, name: str, field: str) -> dt.date | None:
    text = _text(form, name)
    try:
        return typed_day(text) if text else None
    except ValueError as error:
        raise UsageRefusedError("day-unreadable", typed=text, field=field) from error


def _page(
    visit: Visit, form: forms.Form, meeting: str, status: int = 200, *, many: int = 1
) -> Response:
    with visit.read() as conn:
        of = visibility.duty_of(conn, visit.actor, meeting) if meeting else None
        names = agencies.agencies_on(conn, visit.on)
        edition = in_force(conn, visit.plan)
        able = [a for a in names.values() if a.kind not in {"open-group", "office"}]
        return rendering.page(
            visit,
            "duties/assign",
            status,
            form=form,
            many=min(many, MOST),
            most=MOST,
            named=_named,
            recurrences=[(name, say(visit.lang, f"confirming.is.{name}")) for name in RECURRENCES],
            meeting=of,
            held_on=meetings.held_on(conn, of) if of else None,
            duties=_listed(conn, visit, of),
            says=edition.says,
            names={agency.id: agency.name for agency in names.values()},
            agency_choices=[(agency.id, agency.name) for agency in able],
            labels=LABELS,
            when=functools.partial(countdown, visit),
        )


def _listed(conn: Connection, visit: Visit, meeting: Duty | None) -> list[Duty]:
    """Return the decisions of the meeting, or the last duties beside the plan, the newest first."""
    where: Any = conditions.of(plan=visit.plan, measure=adhoc.MEASURE)
    if meeting:
        where &= assignments.decided_in(meeting.key)
    return duties.chosen(conn, where, order=["opens_on"], newest_first=True, limit=LISTED)
