"""`/settings/workdays`: the working days of the plans, and the notice of a year taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import PlainTextResponse, Response

from catalog.dates.notice_text import EXAMPLE, LONGEST_NOTICE, read_notice
from catalog.dates.workdays import notices_with
from catalog.errors import DubanError, InvalidError
from catalog.plans.load import plan_in
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger import holiday_notices
from tasks.plans.holidays import effect, record

if TYPE_CHECKING:
    from catalog.dates.workdays import Notice
    from tasks.plans.holidays import Effect

router = APIRouter()
Reader = Annotated[Visit, Depends(entering("see-settings"))]
Recorder = Annotated[Visit, Depends(entering("record-workdays"))]
Text = Annotated[str, Form()]
SHOWN = 50  # duties of the preview


@router.get("/settings/workdays")
def show(visit: Reader) -> Response:
    """Show the working days of the plans, each year with its notice, and the form for another."""
    return _page(visit, forms.Form())


@router.get("/settings/workdays/example")
def example(_: Reader) -> Response:
    """Return an example of a notice as text."""
    headers = {"Content-Disposition": 'attachment; filename="workdays.txt"'}
    return PlainTextResponse(EXAMPLE, headers=headers)


@router.post("/settings/workdays")
def preview(
    visit: Recorder, *, text: Text = "", upload: Annotated[UploadFile | None, File()] = None
) -> Response:
    """Show what the notice of a year would change; nothing is stored."""
    try:
        if upload is not None and upload.filename:
            text = _decoded(upload)
        notice = read_notice(text)
        changes = effect(visit.ledger, _code(visit), notice, visit.act)
    except DubanError as error:
        return _refused(visit, error, text)
    return _page(visit, forms.Form({"text": text}), notice=notice, changes=changes)


@router.post("/settings/workdays/record")
def take(visit: Recorder, *, text: Text = "") -> Response:
    """Record the notice whose changes were shown."""
    try:
        record(visit.ledger, _code(visit), read_notice(text), visit.act)
    except DubanError as error:
        return _refused(visit, error, text)
    return redirect("/settings/workdays", message="workdays.said.recorded")


def _decoded(upload: UploadFile) -> str:
    try:
        return upload.file.read(4 * LONGEST_NOTICE).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidError("file-not-text", place=upload.filename) from error


def _code(visit: Visit) -> str:
    """Return the code of the calendar of the plans."""
    return plan_in(visit.plans[0].document).workdays if visit.plans else "CN"


def _refused(visit: Visit, error: DubanError, text: str) -> Response:
    form = forms.refusal(error, visit.lang, {error.key: "text"}, text=text)
    return _page(visit, form, status=422)


def _page(
    visit: Visit,
    form: forms.Form,
    *,
    notice: Notice | None = None,
    changes: Effect | None = None,
    status: int = 200,
) -> Response:
    code = _code(visit)
    with visit.read() as conn:
        own = holiday_notices.recorded(conn, code)
        return rendering.page(
            visit,
            "offices/workdays",
            status,
            page="workdays",
            calendar=holiday_notices.calendar(conn, code),
            notices=notices_with(code, own),
            own={each.year for each in own},
            form=form,
            notice=notice,
            changes=changes,
            most=SHOWN,
        )
