"""`/api/duties/…`: the duties the holder of a token sees, their life, and every deed on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.duties.declaration import Field
from catalog.duties.evidence_rules import LABELS
from desk.access import visibility
from desk.api import duty_shapes
from desk.api.by_token import ByToken
from desk.api.documents import duty_document, notice_document
from desk.api.idempotent import MOST, REFUSALS, Key, Limit, Offset, digests, once, request_fields
from desk.api.strict import StrictRoute
from desk.duties.forms import FORMS, do
from desk.lists import filters as list_filters
from desk.pages.duties.duty import evidence_file
from desk.pages.duties.ledger import Filters
from desk.web.addresses import DutyKey
from desk.web.fields import FILE, Fields
from desk.web.visit import Visit
from ledger.duties import conditions, life
from ledger.duties import duties as ledger_duties
from ledger.people import agencies as register
from ledger.post import notices
from ledger.proof import journal
from ledger.store.rows import Row

DUTY = "/duties/{plan}/{obligation}/{party}/{period}"
LIFE: Mapping[str, Callable[..., Sequence[Row]]] = {
    "items": ledger_duties.items,
    "submissions": life.submissions,
    "evidence": life.evidence,
    "extensions": life.extensions,
    "problems": life.problems,
    "remarks": life.remarks,
    "plannings": life.plannings,
    "meeting_answers": life.meeting_answers,
    "due_dates": life.due_dates,
}
FILES = {
    FILE + label: {"type": "array", "items": {"type": "string", "format": "binary"}}
    for label in LABELS
}
TYPES: Mapping[str, dict[str, Any]] = {
    "agencies": {"type": "array", "items": {"type": "string"}},
    "date": {"type": "string", "format": "date"},
    "flag": {"type": "string", "enum": ["yes", "no"]},
    "hidden": {"type": "integer", "minimum": 1},
}


def _type(field: Field) -> dict[str, Any]:
    choices = {"enum": list(field.choices)} if field.choices else {}
    return TYPES.get(field.kind, {"type": "string", **choices})


def body(name: str, *, files: bool = False) -> dict[str, Any]:
    """Return the schema of the body of deed `name`, with its `files` if they are wanted."""
    deed = FORMS[name]
    fields = {field.name: _type(field) for field in deed.fields}
    return {
        "title": name,
        "type": "object",
        "properties": {**fields, **(FILES if files and deed.takes_files else {})},
        "required": [f.name for f in deed.fields if f.required and not f.today],
    }


BODY = {
    "requestBody": {
        "content": {
            "application/json": {"schema": {"anyOf": [body(name) for name in FORMS]}},
            "multipart/form-data": {
                "schema": {"anyOf": [body(name, files=True) for name in FORMS]}
            },
        }
    }
}

router = APIRouter(prefix="/api", route_class=StrictRoute, responses=REFUSALS, tags=["duties"])


@router.get("/duties", response_model=duty_shapes.Duties)
def duties(
    visit: ByToken,
    filters: Filters,
    limit: Limit = 100,
    offset: Offset = 0,
    *,
    unfinished: bool = False,
) -> dict[str, Any]:
    """List the duties the holder sees, by due date, each with its standing today.

    The filters are those of the ledger's page; `unfinished` leaves out closed and waived duties.
    """
    on = visit.on
    with visit.read() as conn:
        where = list_filters.where(conn, visit, filters)
        if unfinished:
            where.append(conditions.UNFINISHED)
        rows = visibility.duties_of(
            conn, visit.actor, *where, order=["due_on"], limit=limit, offset=offset
        )
        agencies = register.agencies_on(conn, visit.on)
        return {
            "on": on,
            "count": visibility.count_of(conn, visit.actor, *where),
            "duties": [duty_document(duty, agencies, on) for duty in rows],
        }


@router.get(DUTY, response_model=duty_shapes.Duty)
def duty(visit: ByToken, key: DutyKey) -> dict[str, Any]:
    """Return one duty."""
    return _document(visit, key)


@router.get(DUTY + "/life", response_model=duty_shapes.Life)
def lived(visit: ByToken, key: DutyKey, limit: Limit = MOST) -> dict[str, Sequence[Row]]:
    """Return what has happened to one duty: the newest `limit` of each kind, oldest first."""
    with visit.read() as conn:
        visibility.duty_of(conn, visit.actor, key)
        return {noun: read(conn, key, newest=limit) for noun, read in LIFE.items()}


@router.get(DUTY + "/notices", response_model=list[duty_shapes.Notice])
def told_of(
    visit: ByToken, key: DutyKey, limit: Limit = MOST, offset: Offset = 0
) -> list[dict[str, Any]]:
    """Return the notices about one duty; drafts of slips are the office's own."""
    with visit.read() as conn:
        visibility.duty_of(conn, visit.actor, key)
        agencies = register.agencies_on(conn, visit.on)
        rows = notices.listed(conn, duty=key)
        drafts = visibility.may(visit.actor, "see-slips")
        visible = [notice for notice in rows if drafts or notice.state != "draft"]
        part = visible[offset : offset + limit]
        return [notice_document(notice, agencies) for notice in part]


@router.get(DUTY + "/history", response_model=list[duty_shapes.Entry])
def record(
    visit: ByToken, key: DutyKey, limit: Limit = MOST, offset: Offset = 0
) -> list[dict[str, Any]]:
    """Return the entries of the history about one duty, oldest first."""
    part: dict[str, Any] = {"limit": limit, "offset": offset, "oldest_first": True}
    with visit.read() as conn:
        visibility.duty_of(conn, visit.actor, key)
        return [entry._asdict() for entry in journal.chosen(conn, *journal.about(key), **part)]


@router.get(
    DUTY + "/evidence/{sha256}",
    response_class=Response,
    responses={200: {"description": "The file", "content": {"*/*": {"schema": {}}}}},
)
def evidence(visit: ByToken, key: DutyKey, sha256: str) -> Response:
    """Return a file of the duty, as it was handed in."""
    return evidence_file(visit, key, sha256)


@router.post(DUTY + "/do/{deed}", response_model=duty_shapes.Duty, openapi_extra=BODY)
def act(
    visit: ByToken,
    key: DutyKey,
    *,
    deed: Annotated[str, Path(json_schema_extra={"enum": sorted(FORMS)})],
    fields: Annotated[Fields, Depends(request_fields)],
    same: Key = None,
) -> Response:
    """Do a deed to a duty and return the duty after it; one Idempotency-Key does it once."""
    if deed not in FORMS:
        raise HTTPException(404)
    with visit.read() as conn:
        visibility.duty_of(conn, visit.actor, key)
    return once(
        visit,
        same,
        [fields.texts(FORMS[deed]), digests(fields)],
        lambda: do(deed, visit.ledger, key, visit.act, fields),
        lambda _: _document(visit, key),
    )


def _document(visit: Visit, key: str) -> dict[str, Any]:
    with visit.read() as conn:
        row = visibility.duty_of(conn, visit.actor, key)
        return duty_document(row, register.agencies_on(conn, visit.on), visit.on)
