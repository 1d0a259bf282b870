"""`/indicators`: basic data of the evaluation by locality and year, in a form or by Excel."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, File, UploadFile
from fastapi.responses import Response

from catalog.duties.evidence_rules import safe_name
from catalog.duties.file_types import XLSX
from catalog.errors import DubanError, NotFoundError
from desk.lists import figure_forms
from desk.lists import figure_sheet as sheets
from desk.lists.figure_labels import label
from desk.web import forms, rendering
from desk.web.addresses import OfYear, redirect
from desk.web.fields import WholeForm
from desk.web.visit import Visit, entering
from tasks.basic_data import lacking
from tasks.documents import figure_sheet
from tasks.in_force import in_force
from tasks.localities import indicator_values
from tasks.localities.grid import indicators_grid, new_values

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from starlette.datastructures import FormData

    from tasks.documents.figure_sheet import Cell
    from tasks.localities.grid import Grid

router = APIRouter()
Reader = Annotated[Visit, Depends(entering("see-indicators"))]
Reporter = Annotated[Visit, Depends(entering("report-indicators"))]


@router.get("/indicators")
def show(visit: Reader, year: OfYear = None) -> Response:
    """Show the values of a year, by default last year's, and who is missing.

    A locality sees its own; it and the office have the form.
    """
    return _page(visit, _year(visit, year))


@router.post("/indicators")
def report(visit: Reporter, form: WholeForm, year: OfYear = None) -> Response:
    """Record the values of the form, all or none."""
    of = _year(visit, year)
    cells = figure_forms.cells(_grid(visit, of), form, visit.lang)
    return _take(visit, of, cells, typed=form)


@router.get("/indicators.xlsx")
def as_workbook(visit: Reader, year: OfYear = None) -> Response:
    """Give the values as a sheet that can be filled in and uploaded."""
    grid = _grid(visit, _year(visit, year))
    content = io.BytesIO()
    sheets.write(content, grid, lang=visit.lang)
    name = f'attachment; filename="{grid.plan}-indicators-{grid.year}.xlsx"'
    return Response(content.getvalue(), media_type=XLSX, headers={"content-disposition": name})


@router.post("/indicators/import")
def bring(
    visit: Reporter, workbook: Annotated[UploadFile | None, File()] = None, year: OfYear = None
) -> Response:
    """Record the values of a filled-in sheet, all or none."""
    of = _year(visit, year)
    if workbook is None or not workbook.filename:
        wrong = forms.Form({}, {"workbook": visit.say("indicators.no-file")})
        return _page(visit, of, form=wrong, status=422)
    try:
        with visit.read() as conn:
            plan = in_force(conn, visit.plan).plan
        name = safe_name(workbook.filename)
        cells = _grid(visit, of).cells(figure_sheet.read(workbook.file, name=name), plan)
    except DubanError as error:
        wrong = forms.refusal(error, visit.lang, {error.key: "workbook"})
        return _page(visit, of, form=wrong, status=422)
    return _take(visit, of, cells, typed=None)


def _year(visit: Visit, year: int | None) -> int:
    """Return the year asked for, else the last one that is over, within the plan's term."""
    if year is not None:
        return year
    edition = next(each for each in visit.plans if each.plan == visit.plan)
    return min(max(visit.on.year - 1, edition.starts_on.year), edition.ends_on.year)


def _own(visit: Visit) -> Collection[str] | None:
    return visit.actor.agencies if visit.actor.kind == "agency" else None


def _grid(visit: Visit, year: int) -> Grid:
    """Return the grid of what the visitor sees; NotFoundError for an agency that has no part."""
    with visit.read() as conn:
        grid = indicators_grid(conn, visit.plan, year, own=_own(visit))
    if visit.actor.kind == "agency" and not grid.rows:
        raise NotFoundError("locality-unknown", agency=visit.actor.agency_name)
    return grid


def _take(visit: Visit, year: int, cells: Sequence[Cell], *, typed: FormData | None) -> Response:
    """Record the values; where a cell cannot be taken, show them all and take none."""
    grid = _grid(visit, year)
    new = new_values(grid, cells)
    with visit.read() as conn:
        plan = in_force(conn, visit.plan).plan
    if errors := indicator_values.faults(plan, new):
        wrong = figure_forms.refusals(errors, visit)
        return _page(visit, year, typed=typed, refusals=wrong, status=422)
    try:
        indicator_values.report_values(visit.ledger, visit.plan, year, visit.act, new=new)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {})
        return _page(visit, year, typed=typed, form=form, status=422)
    said = "indicators.said.saved" if new else None
    return redirect("/indicators", message=said, year=str(year), plan=visit.plan)


def _page(
    visit: Visit,
    year: int,
    *,
    typed: FormData | None = None,
    form: forms.Form | None = None,
    refusals: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> Response:
    grid = _grid(visit, year)
    edition = next(each for each in visit.plans if each.plan == visit.plan)
    with visit.read() as conn:
        plan = in_force(conn, visit.plan).plan
        gaps = {row: ids for row, ids in lacking(conn, plan, year).items() if row in grid.rows}
    names = {indicator.id: indicator.name for indicator in plan.indicators}
    return rendering.page(
        visit,
        "papers/indicators",
        status,
        grid=grid,
        year=year,
        years=range(edition.starts_on.year, min(edition.ends_on.year, visit.on.year) + 1),
        heads=[label(column, visit.lang) for column in grid.columns],
        fields=figure_forms.fields(grid, visit.lang, typed),
        missing=[(grid.rows[row], [names[each] for each in ids]) for row, ids in gaps.items()],
        form=form or forms.Form(),
        refusals=refusals,
        is_open=bool(grid.columns[:-1])
        and visit.may("report-indicators")
        and year <= visit.on.year,
    )
