"""`/trackers`: spreadsheets under way, the form that begins one, and blank workbooks."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.duties.evidence_rules import safe_name
from catalog.duties.file_types import XLSX
from catalog.errors import DubanError, UsageRefusedError
from desk.trackers import blank
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger.people import agencies
from ledger.trackers import uploads as ledger_uploads
from tasks.trackers.uses import uploads
from tasks.trackers.uses.uploads import USES

if TYPE_CHECKING:
    from tasks.trackers.uses.uploads import Use

HOME = "/trackers"

router = APIRouter()
Bringer = Annotated[Visit, Depends(entering("bring-tracker"))]


@router.get(HOME)
def home(visit: Bringer, use: str = "") -> Response:
    """Show the spreadsheets under way and the form that begins another for a `use`."""
    return _home(visit, forms.Form({"use": use}))


@router.post(HOME)
def begin(
    visit: Bringer,
    upload: Annotated[UploadFile | None, File()] = None,
    use: Annotated[str, Form()] = "",
) -> Response:
    """Read an uploaded spreadsheet and lead on to its columns."""
    if upload is None or not upload.filename:
        wrong = {"upload": visit.say("trackers.choose")}
        return _home(visit, forms.Form({"use": use}, wrong), status=422)
    try:
        tracker = uploads.begin(
            visit.ledger,
            upload.file,
            visit.act,
            name=safe_name(upload.filename),
            plan=_plan_of(visit, use),
            use=_use(visit, use),
        )
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {error.key: "upload"}, use=use)
        return _home(visit, form, status=422)
    return redirect(f"{HOME}/{tracker}")


@router.post(HOME + "/{tracker}/drop")
def drop(visit: Bringer, tracker: str) -> Response:
    """Discard a spreadsheet under way."""
    uploads.drop(visit.ledger, tracker, visit.act)
    return redirect(HOME, message="trackers.said.dropped")


@router.get(HOME + "/blank/{use}.xlsx")
def workbook(visit: Bringer, use: str) -> Response:
    """Return the blank workbook of a use, with the agencies registered here as a choice."""
    if use not in uses_of(visit):
        raise HTTPException(404)
    with visit.read() as conn:
        registered = agencies.agencies_on(conn, visit.on).values()
    kinds = {"open-group", "office"}
    names = sorted(agency.name for agency in registered if agency.kind not in kinds)
    file = io.BytesIO()
    blank.write(file, _use(visit, use), lang=visit.lang, agencies=names)
    headers = {"Content-Disposition": f'attachment; filename="{use}.xlsx"'}
    return Response(file.getvalue(), media_type=XLSX, headers=headers)


def uses_of(visit: Visit) -> list[Use]:
    """Return the uses that the visitor has: an agency reports progress, and no more."""
    if "office" not in visit.actor.kinds:
        return ["progress"] if visit.plans else []
    return [use for use in USES if visit.plans or use == "plan"]


def _use(visit: Visit, use: str) -> Use:
    """Return the use of that name; UsageRefusedError where the visitor has no such use."""
    own = uses_of(visit)
    if use not in own:
        raise UsageRefusedError("upload-use", use=use)
    return own[[*own].index(use)]


def _plan_of(visit: Visit, use: str) -> str:
    """Return the plan that the rows are about; a plan to be drafted is about none."""
    return "" if use == "plan" else visit.plan


def _home(visit: Visit, form: forms.Form, status: int = 200) -> Response:
    with visit.read() as conn:
        own = ledger_uploads.open_of(conn, visit.actor.user)
    uses = uses_of(visit)
    chosen = form.value("use")
    return rendering.page(
        visit,
        "trackers/trackers",
        status,
        form=form.shown("use", uses[0] if uses else ""),
        uses=uses,
        chosen=chosen if chosen in uses else (uses[0] if uses else ""),
        uploads=own,
        plans=visit.plans,
    )
