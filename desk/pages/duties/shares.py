"""`/duty/…/shares`: the shares of the year, handed out in a form or by Excel."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, File, UploadFile
from fastapi.responses import Response

from catalog.duties.evidence_rules import safe_name
from catalog.duties.file_types import XLSX
from catalog.errors import DubanError
from desk.access import visibility
from desk.lists import figure_forms
from desk.lists import figure_sheet as sheets
from desk.lists.figure_labels import label
from desk.web import forms, rendering
from desk.web.addresses import DUTY, DutyKey, duty_path, redirect
from desk.web.fields import WholeForm
from desk.web.visit import Visit, entering
from tasks.documents import figure_sheet
from tasks.in_force import in_force
from tasks.localities import handing_out
from tasks.localities.grid import new_shares, shares_grid
from tasks.shares import handed_out, shares

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.datastructures import FormData

    from tasks.documents.figure_sheet import Cell

router = APIRouter()
Seer = Annotated[Visit, Depends(entering("see-ledger"))]


@router.get(f"{DUTY}/shares")
def show(visit: Seer, key: DutyKey) -> Response:
    """Show the shares of the year of the duty, to its performer as a form."""
    return _page(visit, key)


@router.post(f"{DUTY}/shares")
def hand_out(visit: Seer, key: DutyKey, form: WholeForm) -> Response:
    """Hand out the shares of the form, all or none."""
    with visit.read() as conn:
        visibility.duty_of(conn, visit.actor, key)
        grid = shares_grid(conn, key)
    cells = figure_forms.cells(grid, form, visit.lang, beside=("reason",))
    return _take(visit, key, cells, typed=form, reason=str(form.get("reason", "")))


@router.get(f"{DUTY}/shares.xlsx")
def as_workbook(visit: Seer, key: DutyKey) -> Response:
    """Give the shares as a sheet that can be filled in and uploaded."""
    with visit.read() as conn:
        visibility.duty_of(conn, visit.actor, key)
        grid = shares_grid(conn, key)
    content = io.BytesIO()
    sheets.write(content, grid, lang=visit.lang)
    name = f'attachment; filename="{grid.plan}-shares-{grid.year}.xlsx"'
    return Response(content.getvalue(), media_type=XLSX, headers={"content-disposition": name})


@router.post(f"{DUTY}/shares/import")
def bring(
    visit: Seer,
    key: DutyKey,
    form: WholeForm,
    workbook: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Hand out the shares of a filled-in sheet, all or none."""
    reason = str(form.get("upload-reason", ""))
    if workbook is None or not workbook.filename:
        wrong = forms.Form({"reason": reason}, {"workbook": visit.say("indicators.no-file")})
        return _page(visit, key, form=wrong, status=422)
    try:
        with visit.read() as conn:
            duty = visibility.duty_of(conn, visit.actor, key)
            grid, plan = shares_grid(conn, key), in_force(conn, duty.plan).plan
        name = safe_name(workbook.filename)
        cells = grid.cells(figure_sheet.read(workbook.file, name=name), plan)
    except DubanError as error:
        wrong = forms.refusal(error, visit.lang, {error.key: "workbook"}, reason=reason)
        return _page(visit, key, form=wrong, status=422)
    return _take(visit, key, cells, typed=None, reason=reason)


def _take(
    visit: Visit, key: str, cells: Sequence[Cell], *, typed: FormData | None, reason: str
) -> Response:
    """Hand the shares out; where a cell cannot be taken, show them all and take none."""
    new = new_shares(cells)
    with visit.read() as conn:
        duty = visibility.duty_of(conn, visit.actor, key)
        plan = in_force(conn, duty.plan).plan
        targets = handed_out(plan, duty.obligation, shares_grid(conn, key).year)
    if errors := handing_out.faults(targets, new):
        wrong = figure_forms.refusals(errors, visit)
        form = forms.Form({"reason": reason})
        return _page(visit, key, typed=typed, form=form, refusals=wrong, status=422)
    try:
        handing_out.hand_out(visit.ledger, key, visit.act, new=new, reason=reason)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {"shares-short": "reason"}, reason=reason)
        return _page(visit, key, typed=typed, form=form, status=422)
    return redirect(duty_path(key), message="shares.said.saved")


def _page(
    visit: Visit,
    key: str,
    *,
    typed: FormData | None = None,
    form: forms.Form | None = None,
    refusals: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> Response:
    with visit.read() as conn:
        duty = visibility.duty_of(conn, visit.actor, key)
        grid, plan = shares_grid(conn, key), in_force(conn, duty.plan).plan
        parts = shares(conn, plan)
    return rendering.page(
        visit,
        "duties/shares",
        status,
        duty=duty,
        grid=grid,
        heads=[label(column, visit.lang) for column in grid.columns],
        fields=figure_forms.fields(grid, visit.lang, typed),
        sums=handing_out.sums(plan, grid.year, parts),
        form=form or forms.Form(),
        refusals=refusals,
        may_hand_out=duty.performer in visit.actor.agencies and visit.actor.kind == "agency",
    )
