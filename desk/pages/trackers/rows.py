"""`/trackers/…/rows`: the preview row by row, the answers, the taking and the receipt."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.errors import ConflictError
from desk.access import visibility
from desk.pages.trackers.uploading import HOME, Bringer
from desk.trackers import answers, sentences
from desk.web import forms, rendering
from desk.web.addresses import Page, redirect
from desk.web.fields import WholeForm
from ledger.duties import conditions
from ledger.people import agencies, users
from ledger.proof import journal
from ledger.trackers import uploads as ledger_uploads
from tasks.trackers.uses import taking, uploads
from tasks.trackers.uses.preview import preview

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from desk.web.visit import Visit
    from ledger.duties.duties import Duty
    from tasks.all_or_nothing import Refusal
    from tasks.trackers.uses.preview import Preview
    from tasks.trackers.uses.row import Row
    from tasks.trackers.uses.uploads import Tracker

router = APIRouter()
SIZE = 50  # rows a page
MOST_REHEARSED = 300  # rows: more are checked when they are taken
MOST_DUTIES = 200  # offered for a row whose duty is not known
STATES = ("asked", "ready", "left")


class Shown(NamedTuple):
    """What of the preview is part: rows of one state or all, a page of them."""

    state: str = ""
    page: int = 1


@router.get(HOME + "/{tracker}/rows")
def look(visit: Bringer, tracker: str, show: str = "", page: Page = 1) -> Response:
    """Show what each row becomes, what is asked of it, and which are left out."""
    of, view = _view(visit, tracker)
    return _page(visit, of, view, Shown(show if show in STATES else "", page))


@router.post(HOME + "/{tracker}/rows")
def answer(visit: Bringer, tracker: str, form: WholeForm) -> Response:
    """Save the answers on the page; with `do=take` take all rows, or none and show why."""
    of, view = _view(visit, tracker)
    state = str(form.get("show") or "")
    part = Shown(state if state in STATES else "")
    new = answers.read_answers(form, view.rows, view.asks)
    if new:
        uploads.answer(visit.ledger, of, new)
        of, view = _view(visit, tracker)
    if form.get("do") != "take":
        return redirect(f"{HOME}/{tracker}/rows", message="trackers.said.saved")
    try:
        refusals = taking.take(visit.ledger, of.upload, view, visit.act)
    except ConflictError as error:
        return _page(visit, of, view, part, forms.refusal(error, visit.lang), status=422)
    if refusals:
        return _page(visit, of, view, part, refusals=refusals, status=409)
    return redirect(f"{HOME}/{tracker}/receipt")


@router.get(HOME + "/{tracker}/receipt")
def receipt(visit: Bringer, tracker: str) -> Response:
    """Show what was taken and left out, and what stands in the history."""
    with visit.read() as conn:
        upload = ledger_uploads.one(conn, tracker, visit.actor.user)
        if not upload.receipt:
            raise HTTPException(404)
        entry = journal.last(conn, taking.ENTRY, subject=upload.plan)
        names = {user.id: user.name for user in users.listed(conn)}
    document = json.loads(upload.receipt)
    is_own = entry is not None and entry.payload.get("tracker") == upload.id
    return rendering.page(
        visit,
        "trackers/receipt",
        upload=upload,
        document=document,
        entry=entry if is_own else None,
        person=names.get(upload.user, upload.user),
    )


def _view(visit: Visit, tracker: str) -> tuple[Tracker, Preview]:
    with visit.read() as conn:
        of = uploads.tracker(conn, tracker, visit.actor.user)
        if of.upload.use == "plan":  # its draft has a page of its own
            raise HTTPException(404)
        return of, preview(conn, of, visit.act)


def _page(
    visit: Visit,
    of: Tracker,
    view: Preview,
    part: Shown,
    form: forms.Form | None = None,
    *,
    refusals: Sequence[Refusal] | None = None,
    status: int = 200,
) -> Response:
    if refusals is None:
        refusals = _rehearsal(visit, of, view)
    reasons = {each.place: forms.say_refusal(each.error, visit.lang) for each in refusals}
    rows = [row for row in view.rows if part.state in {"", _state(row, reasons)}]
    pages = max(-(-len(rows) // SIZE), 1)
    page = min(part.page, pages)
    rows_here = rows[(page - 1) * SIZE : page * SIZE]
    with visit.read() as conn:
        register = agencies.agencies_on(conn, visit.on)
        duties = _duties(visit, of, rows_here)
    names = {agency.id: agency.name for agency in register.values()}
    kinds = {"open-group", "office"}
    return rendering.page(
        visit,
        "trackers/rows",
        status,
        tracker=of,
        preview=view,
        counts={state: [_state(r, reasons) for r in view.rows].count(state) for state in STATES},
        rows=rows_here,
        shown=part._replace(page=page),
        pages=pages,
        refusals=reasons,
        duties=duties,
        agency_names=[agency.name for agency in register.values() if agency.kind not in kinds],
        field_name=answers.field_name,
        leave_name=answers.leave_name,
        becomes=lambda row: sentences.becomes(visit.lang, row, names),
        notes=lambda row: sentences.notes(visit.lang, row.notes),
        form=form or forms.Form(),
    )


def _state(row: Row, reasons: Mapping[str, str]) -> str:
    """Return what a row waits for; one that is refused waits for the person."""
    return "asked" if row.line.place in reasons else row.state


def _rehearsal(visit: Visit, of: Tracker, view: Preview) -> list[Refusal]:
    """Return what would be refused, once nothing is asked any more."""
    if view.counts["asked"] or not 0 < view.counts["ready"] <= MOST_REHEARSED:
        return []
    return taking.rehearse(visit.ledger, of.upload, view, visit.act)


def _duties(visit: Visit, of: Tracker, rows: Sequence[Row]) -> dict[str, Duty]:
    """Return the duties that the questions of these rows offer, by key."""
    asks = [ask for row in rows for ask in (*row.asks, *row.fields) if ask.kind == "duty"]
    keys = {key for ask in asks for key in (*ask.readings, ask.value) if key}
    keys |= {row.duty.key for row in rows if row.duty}
    with visit.read() as conn:
        every = visibility.duties_of(
            conn,
            visit.actor,
            conditions.of(plan=of.upload.plan),
            order=["due_on"],
            limit=MOST_DUTIES,
        )
        offered = visibility.duties_of(conn, visit.actor, conditions.of_keys(keys))
    return {duty.key: duty for duty in (*offered, *every)}
