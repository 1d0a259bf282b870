"""`/assign`: duties beside the plan, and the form with which the office assigns one."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.duties import adhoc
from catalog.duties.evidence_rules import LABELS
from catalog.errors import ConflictError, DubanError, UsageRefusedError
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

    from starlette.datastructures import FormData

    from ledger.duties.duties import Duty
    from ledger.session import Connection

router = APIRouter()
MENU = Entry("/assign", "assign.menu", "assign", 24)
LISTED = 50
TEXTS = ("title", "to", "due_on", "source", "document", "dated_on", "meeting")
CHOICES = ("with", "evidence")
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
}

Office = Annotated[Visit, Depends(entering("assign"))]


@router.get("/assign")
def index(visit: Office, meeting: str = "") -> Response:
    """Show the duties beside the plan, or the decisions of a meeting, and the form."""
    return _page(visit, forms.Form({"meeting": meeting}), meeting)


@router.post("/assign")
def assign(visit: Office, form: WholeForm) -> Response:
    """Assign a duty; decisions of a meeting are recorded one after the other."""
    refuse_unknown(form, (*TEXTS, *CHOICES))
    meeting = _text(form, "meeting")
    try:
        assigning.assign(visit.ledger, visit.plan, visit.act, _order(form))
    except DubanError as error:
        values = {name: _text(form, name) for name in TEXTS}
        choices = {name: form.getlist(name) for name in CHOICES}
        return _page(
            visit, forms.refusal(error, visit.lang, FIELDS, **values, **choices), meeting, 422
        )
    query = {"meeting": meeting} if meeting else {}
    return redirect("/assign", message="assign.said.assigned", plan=visit.plan, **query)


def _order(form: FormData) -> assigning.Order:
    due_on = _day(form, "due_on")
    if due_on is None:
        raise ConflictError("assign-needs-due-on")
    return assigning.Order(
        title=_text(form, "title"),
        to=_text(form, "to"),
        due_on=due_on,
        source=_text(form, "source"),
        participants=tuple(map(str, form.getlist("with"))),
        evidence=tuple(map(str, form.getlist("evidence"))),
        document=_text(form, "document"),
        dated_on=_day(form, "dated_on"),
        meeting=_text(form, "meeting"),
    )


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.strip() if isinstance(value, str) else ""


def _day(form: FormData, name: str) -> dt.date | None:
    text = _text(form, name)
    try:
        return typed_day(text) if text else None
    except ValueError as error:
        raise UsageRefusedError("day-unreadable", typed=text) from error


def _page(visit: Visit, form: forms.Form, meeting: str, status: int = 200) -> Response:
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
