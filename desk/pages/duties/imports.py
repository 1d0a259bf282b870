"""`/import`: a workbook of the ledger that was filled in; shown first, then taken whole or not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import Response
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException

from catalog.duties.evidence_rules import safe_name
from catalog.errors import DubanError, InvalidError
from desk.access import policy
from desk.web import forms, rendering
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from ledger.duties import conditions
from tasks.documents import list_import
from tasks.documents.list_import import Change, Comparison, Refusal

LARGEST = 800_000  # bytes of what is changed, which the form that confirms it brings once more
CHANGES = TypeAdapter(list[Change])

router = APIRouter()
Bringing = Annotated[Visit, Depends(entering("bring-list"))]


@router.get("/import")
def choose(visit: Bringing) -> Response:
    """Ask for the file."""
    return _page(visit)


@router.post("/import")
def preview(visit: Bringing, workbook: Annotated[UploadFile | None, File()] = None) -> Response:
    """Show what each row of the file would change, and which cannot be taken; nothing is kept."""
    if workbook is None or not workbook.filename:
        return _page(visit, form=_wrong(visit, "imports.choose"), status=422)
    name = safe_name(workbook.filename)
    try:
        found = list_import.read(visit.ledger, workbook.file, visit.act, name=name)
        text = CHANGES.dump_json(found.changes).decode()
        if len(text.encode()) > LARGEST:
            raise InvalidError("import-too-many", place=name, most=list_import.MOST)
    except DubanError as error:
        form = forms.refusal(error, visit.lang, {error.key: "workbook"})
        return _page(visit, form=form, status=422)
    return _page(visit, found, text, name=name)


@router.post("/import/take")
def take(visit: Bringing, changes: Annotated[str, Form()] = "") -> Response:
    """Take what was shown, all of it; where one thing is refused now, show why and take nothing."""
    try:
        asked = CHANGES.validate_json(changes, strict=False)
    except ValidationError:
        raise HTTPException(422) from None
    if len(asked) > list_import.MOST:
        raise HTTPException(422)
    refused = list_import.carry_out(visit.ledger, asked, visit.act)
    if refused:
        return _page(visit, Comparison(asked, refused, 0), status=409)
    return redirect("/ledger", message="imports.said.taken")


def _page(
    visit: Visit,
    found: Comparison | None = None,
    changes: str = "",
    *,
    name: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> Response:
    asked = found.changes if found else []
    with visit.read() as conn:
        keys = {change.subject for change in asked}
        held = policy.duties_of(conn, visit.actor, conditions.of_keys(keys))
        return rendering.page(
            visit,
            "duties/imports",
            status,
            found=found,
            changes=changes,
            name=name,
            duties={duty.key: duty for duty in held},
            refused=[(each.place, _worded(visit, each)) for each in found.refused] if found else [],
            form=form or forms.Form(),
        )


def _worded(visit: Visit, refused: Refusal) -> str:
    """Return why, without the place, which stands beside it."""
    said = forms.say_refusal(refused.error, visit.lang)
    return said.removeprefix(refused.place).lstrip(":\N{FULLWIDTH COLON} ")


def _wrong(visit: Visit, key: str) -> forms.Form:
    return forms.Form({}, {"workbook": visit.say(key)})
