"""`/import`: a workbook of the ledger that was filled in: preview, then all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException

from catalog.duties.evidence_rules import safe_name
from catalog.errors import DubanError, InvalidError
from catalog.wording import has
from desk.access import visibility
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger.duties import conditions
from ledger.people import agencies
from tasks.all_or_nothing import Refusal
from tasks.documents import list_import
from tasks.documents.list_import import Change, Comparison, Edit

if TYPE_CHECKING:
    from catalog.offices.agency_names import AgencyNames
    from ledger.post.contacts import Agency

LARGEST = 800_000  # bytes of the changes, which the form that confirms them sends again
CHANGES = TypeAdapter(list[Change])

router = APIRouter()
Importer = Annotated[Visit, Depends(entering("bring-list"))]


@router.get("/import")
def choose(visit: Importer) -> Response:
    """Ask for the file."""
    return _page(visit)


@router.post("/import")
def preview(
    visit: Importer,
    workbook: Annotated[UploadFile | None, File()] = None,
    of: Annotated[str, Form()] = "",
) -> Response:
    """Show the changes of each row of the file, and the refused ones; nothing is stored.

    `of` is the agency whose word it is where the office brings it in.
    """
    if workbook is None or not workbook.filename:
        return _page(visit, form=_wrong(visit, "imports.choose", of=of), status=422)
    name = safe_name(workbook.filename)
    try:
        comparison = list_import.read(visit.ledger, workbook.file, visit.act, name=name, of=of)
        text = CHANGES.dump_json(comparison.changes).decode()
        if len(text.encode()) > LARGEST:
            raise InvalidError("import-too-many", place=name, most=list_import.MOST)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {error.key: "workbook"}, of=of)
        return _page(visit, form=form, status=422)
    return _page(visit, comparison, text, name=name)


@router.post("/import/take")
def take(
    visit: Importer,
    changes: Annotated[str, Form()] = "",
    name: Annotated[str, Form()] = "",
) -> Response:
    """Make all the changes of the preview; if one is refused now, show why and make none."""
    try:
        accepted = CHANGES.validate_json(changes, strict=False)
    except ValidationError:
        raise HTTPException(422) from None
    if len(accepted) > list_import.MOST:
        raise HTTPException(422)
    refusals = list_import.carry_out(visit.ledger, accepted, visit.act, name=safe_name(name))
    if refusals:
        return _page(visit, Comparison(accepted, refusals, 0), name=name, status=409)
    return redirect("/ledger", message="imports.said.taken")


def _page(
    visit: Visit,
    comparison: Comparison | None = None,
    changes: str = "",
    *,
    name: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> Response:
    every = comparison.changes if comparison else []
    with visit.read() as conn:
        keys = {change.subject for change in every}
        rows = visibility.duties_of(conn, visit.actor, conditions.of_keys(keys))
        names = agencies.agencies_on(conn, visit.on)
        return rendering.page(
            visit,
            "duties/imports",
            status,
            comparison=comparison,
            changes=changes,
            name=name,
            duties={duty.key: duty for duty in rows},
            refusals=[(each.place, _reason(visit, each)) for each in comparison.refused]
            if comparison
            else [],
            edits=[_edit(visit, edit) for edit in comparison.edits] if comparison else [],
            agencies={agency.id: agency.name for agency in names.values()},
            reporters=_reporters(visit, names),
            form=form or forms.Form(),
        )


def _edit(visit: Visit, edit: Edit) -> Edit:
    """Return the edit with the heading of its column in the language of the visit."""
    key = f"column.{edit.column}"
    return edit._replace(column=visit.say(key) if has(visit.lang, key) else edit.column)


def _reporters(visit: Visit, names: AgencyNames[Agency]) -> list[tuple[str, str]]:
    """Return the agencies whose word the visitor may bring in; none outside the office."""
    if visit.actor.kind != "office":
        return []
    kinds = {"office", "open-group"}
    return [(a.id, a.name) for a in names.values() if a.kind not in kinds]


def _reason(visit: Visit, refusal: Refusal) -> str:
    """Return the reason without the place, which has a column of its own."""
    text = forms.say_refusal(refusal.error, visit.lang)
    return text.removeprefix(refusal.place).lstrip(":\N{FULLWIDTH COLON} ")


def _wrong(visit: Visit, key: str, **values: str) -> forms.Form:
    return forms.Form(values, {"workbook": visit.say(key)})
