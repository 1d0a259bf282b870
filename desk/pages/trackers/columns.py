"""`/trackers/…`: the sheet of a spreadsheet, its row of heads, and the meaning of each column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, NamedTuple

from fastapi import APIRouter, Form
from fastapi.responses import Response

from catalog.errors import DubanError, InvalidError
from catalog.trackers.columns import ROLES
from catalog.trackers.grid import letters
from catalog.trackers.lines import year_of
from desk.pages.trackers.uploading import HOME, Bringer, uses_of
from desk.plans.uploads import CODE
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.fields import WholeForm
from tasks.clock import YEARS
from tasks.trackers.uses import plan_drafts, uploads

if TYPE_CHECKING:
    from starlette.datastructures import FormData

    from catalog.trackers.columns import Role
    from desk.web.visit import Visit
    from tasks.trackers.uses.uploads import Tracker, Use

router = APIRouter()
SAMPLES = 3  # cells of a column that are shown
HEADS_AMONG = 30  # the first rows, one of which holds the heads


class Column(NamedTuple):
    """A column of the sheet: its number, letters and head, some of its cells, and its role."""

    number: int
    letters: str
    head: str
    samples: list[str]
    role: str
    is_hidden: bool


@router.get(HOME + "/{tracker}")
def look(visit: Bringer, tracker: str) -> Response:
    """Show the columns of the sheet, each with the meaning that was guessed or kept."""
    return _page(visit, _tracker(visit, tracker), forms.Form())


@router.post(HOME + "/{tracker}/sheet")
def choose(
    visit: Bringer,
    tracker: str,
    sheet: Annotated[str, Form()] = "",
    heads: Annotated[str, Form()] = "",
) -> Response:
    """Choose another sheet, or the row of heads, counted from 1."""
    of = _tracker(visit, tracker)
    is_other = sheet != of.grid.sheet
    row = int(heads) - 1 if heads.isdecimal() and len(heads) < 6 else -1  # noqa: PLR2004  a row has five digits
    try:
        if not is_other and not 0 <= row < len(of.grid.rows):
            raise InvalidError("upload-heads", most=len(of.grid.rows))
        head_row = None if is_other else row
        uploads.choose(visit.ledger, of, sheet=sheet, head_row=head_row)
    except DubanError as error:
        return _page(visit, of, forms.refusal(error, visit.lang, {error.key: "heads"}), 422)
    return redirect(f"{HOME}/{tracker}")


@router.post(HOME + "/{tracker}")
def map_columns(visit: Bringer, tracker: str, form: WholeForm) -> Response:
    """Save the meaning of each column, for this file and the next of its form.

    Then lead on to the rows; of a plan, to its draft.
    """
    of = _tracker(visit, tracker)
    code = str(form.get("code") or "").strip()
    try:
        if of.upload.use == "plan" and not CODE.fullmatch(code):
            raise InvalidError("draft-code", place=code)
        uploads.map_columns(
            visit.ledger,
            of,
            visit.act,
            columns=_roles(form, of),
            year=_year(form),
            use=_use(visit, form, of),
        )
        if of.upload.use == "plan":
            of = _tracker(visit, tracker)
            return redirect(f"/plans/drafts/{plan_drafts.begin(visit.ledger, of, visit.act, code)}")
    except DubanError as error:
        field = {"upload-year": "year", "draft-code": "code"}
        values = {"year": str(form.get("year") or ""), "code": code}
        return _page(visit, of, forms.refusal(error, visit.lang, field, **values), 422)
    return redirect(f"{HOME}/{tracker}/rows")


def _tracker(visit: Visit, tracker: str) -> Tracker:
    with visit.read() as conn:
        return uploads.tracker(conn, tracker, visit.actor.user)


def _roles(form: FormData, of: Tracker) -> dict[int, Role]:
    """Return the role of each column as it was chosen."""
    choice = {number: str(form.get(f"column-{number}") or "") for number in range(of.grid.width)}
    unknown = {role for role in choice.values() if role} - set(ROLES)
    if unknown:
        raise InvalidError("upload-role", role=", ".join(sorted(unknown)))
    by_name: dict[str, Role] = {role: role for role in ROLES}
    return {number: by_name[role] for number, role in choice.items() if role}


def _year(form: FormData) -> int | None:
    text = str(form.get("year") or "").strip()
    if not text:
        return None
    if not text.isdecimal() or int(text[:5]) not in YEARS:
        raise InvalidError("upload-year", first=YEARS[0], last=YEARS[-1])
    return int(text)


def _use(visit: Visit, form: FormData, of: Tracker) -> Use:
    """Return the use that was chosen; without a choice it stays."""
    choice = form.get("use") or of.upload.use
    use = next((each for each in uses_of(visit) if each == choice), None)
    if use is None or (use == "plan") != (of.upload.use == "plan"):
        raise InvalidError("upload-use", use=str(choice)[:20])
    return use


def _page(visit: Visit, of: Tracker, form: forms.Form, status: int = 200) -> Response:
    with visit.read() as conn:
        is_kept = uploads.is_kept(conn, of.grid)
    columns = [_column(of, number) for number in range(of.grid.width)]
    uses = [use for use in uses_of(visit) if (use == "plan") == (of.upload.use == "plan")]
    title_year = year_of(of.grid, of.mapping)
    return rendering.page(
        visit,
        "trackers/columns",
        status,
        tracker=of,
        uses=uses,
        columns=[each for each in columns if each.head or any(each.samples)],
        roles=ROLES,
        is_kept=is_kept,
        heads=of.mapping.head_row + 1,
        first_rows=min(HEADS_AMONG, len(of.grid.rows)),
        form=form.shown("year", of.year or title_year or ""),
    )


def _column(of: Tracker, number: int) -> Column:
    grid, mapping = of.grid, of.mapping
    below = range(mapping.first_row, len(grid.rows))
    texts = (grid.shown(row, number).text.strip() for row in below)
    samples = list(dict.fromkeys(filter(None, texts)))[:SAMPLES]
    role = mapping.columns.get(number, "")
    head = mapping.heads.get(number, "")
    return Column(number, letters(number), head, samples, role, number in grid.hidden_columns)
