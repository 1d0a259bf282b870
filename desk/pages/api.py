"""`/api/…`: the same duties and deeds for an agency's own system, which shows its token."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Path, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from catalog.errors import DubanError
from desk import access
from desk.deeds import DEEDS, Given, do
from desk.documents import duty_document, notice_document
from desk.refusals import problem
from desk.signin import hashed
from desk.tokens import ByToken
from desk.visit import DutyKey, Visit
from ledger import answers, contacts, history, notices
from ledger.duties import DUTIES

PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": said,
        "content": {"application/problem+json": {"schema": {"type": "object"}}},
    }
    for status, said in {
        401: "No token that holds",
        403: "Not yours to do",
        404: "Not there, or another agency's",
        409: "The rules refuse it as things stand",
        422: "What was sent cannot be read",
        503: "The ledger is busy; ask again after Retry-After seconds",
    }.items()
}
DUTY = "/duties/{plan}/{obligation}/{party}/{period}"
MOST = 500  # rows of an answer
Limit = Annotated[int, Query(ge=1, le=MOST)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
UNFINISHED = (DUTIES.c.closed_on.is_(None), DUTIES.c.waived_on.is_(None))

router = APIRouter(prefix="/api", responses=PROBLEMS)


async def brought(request: Request) -> Given:
    """Return the fields of a JSON object, or of a form that may bring files."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return Given(await request.form())
    body = await request.body()
    try:
        said = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise HTTPException(422) from None
    if not isinstance(said, dict) or not all(_is_field(value) for value in said.values()):
        raise HTTPException(422)
    return Given(FormData([(name, str(value)) for name, value in said.items()]))


@router.get("/openapi.json", include_in_schema=False)
def description() -> dict[str, Any]:
    """Describe this interface."""
    made = get_openapi(title="duban", version="1", routes=router.routes)
    made.setdefault("components", {})["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer"}
    }
    made["security"] = [{"token": []}]
    return made


@router.get("/duties")
def duties(
    visit: ByToken, limit: Limit = 100, offset: Offset = 0, *, unfinished: bool = False
) -> dict[str, Any]:
    """List the duties the holder sees, by due date, each with its standing today.

    `unfinished` asks for those alone that are neither closed nor waived.
    """
    on = visit.on
    where = UNFINISHED if unfinished else ()
    with visit.read() as conn:
        found = access.duties_of(
            conn, visit.actor, *where, order=[DUTIES.c.due_on], limit=limit, offset=offset
        )
        named = contacts.agencies(conn)
        return {
            "on": on,
            "count": access.count_of(conn, visit.actor, *where),
            "duties": [duty_document(duty, named, on) for duty in found],
        }


@router.get("/notices")
def told(visit: ByToken, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    """List the notices about the duties the holder sees, by day."""
    mine = access.visible(visit.actor)
    with visit.read() as conn:
        found, named = (
            notices.about(conn, mine, limit=limit, offset=offset),
            contacts.agencies(conn),
        )
        return {
            "count": notices.count_about(conn, mine),
            "notices": [notice_document(notice, named) for notice in found],
        }


@router.get(DUTY)
def duty(visit: ByToken, key: DutyKey) -> dict[str, Any]:
    """Return one duty."""
    return _document(visit, key)


@router.get(DUTY + "/notices")
def told_of(visit: ByToken, key: DutyKey) -> list[dict[str, Any]]:
    """Return every notice about one duty."""
    with visit.read() as conn:
        access.duty_of(conn, visit.actor, key)
        named = contacts.agencies(conn)
        return [notice_document(notice, named) for notice in notices.listed(conn, duty=key)]


@router.get(DUTY + "/history")
def record(visit: ByToken, key: DutyKey) -> list[dict[str, Any]]:
    """Return every entry of the history about one duty."""
    with visit.read() as conn:
        access.duty_of(conn, visit.actor, key)
        return [entry._asdict() for entry in history.entries(conn, subject=key)]


@router.post(
    DUTY + "/do/{deed}",
    openapi_extra={
        "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}
    },
)
def act(
    visit: ByToken,
    key: DutyKey,
    *,
    deed: Annotated[str, Path(json_schema_extra={"enum": sorted(DEEDS)})],
    given: Annotated[Given, Depends(brought)],
    request: Request,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=200)] = None,
) -> Response:
    """Do a deed to a duty and return it as it stands then.

    With an Idempotency-Key the same request again gets the same answer, and nothing is done twice;
    a key that was used for another request, or whose request was cut off, is a conflict.
    """
    if deed not in DEEDS:
        raise HTTPException(404)
    with visit.read() as conn:
        access.duty_of(conn, visit.actor, key)
    if idempotency_key is None:
        do(deed, visit.ledger, key, visit.act, given)
        return JSONResponse(jsonable_encoder(_document(visit, key)))
    return _once(visit, request, key, deed=deed, given=given, name=idempotency_key)


def _once(
    visit: Visit, request: Request, key: str, *, deed: str, given: Given, name: str
) -> Response:
    user, ledger = visit.actor.user, visit.ledger
    held, asked = hashed(f"{user}\n{name}"), hashed(_asked(key, deed, given))
    before = answers.begin(ledger, held, user=user, asked=asked, on=visit.on)
    if before is not None:
        if before.asked != asked or before.status is None:
            return problem(request, 409)
        return Response(before.answer, before.status, media_type="application/json")
    try:
        do(deed, ledger, key, visit.act, given)
    except DubanError:
        answers.drop(ledger, held)
        raise
    answer = json.dumps(jsonable_encoder(_document(visit, key)), ensure_ascii=False)
    answers.settle(ledger, held, 200, answer)
    return Response(answer, media_type="application/json")


def _asked(key: str, deed: str, given: Given) -> str:
    files = [(label, each.filename, each.size) for label, each in given.files()]
    return json.dumps([key, deed, given.typed(DEEDS[deed]), files])


def _document(visit: Visit, key: str) -> dict[str, Any]:
    with visit.read() as conn:
        found = access.duty_of(conn, visit.actor, key)
        return duty_document(found, contacts.agencies(conn), visit.on)


def _is_field(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
