"""Requests under `/api/`: paging, fields of a deed, refusals and idempotency keys."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Header, Query, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, Response
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from catalog.errors import DubanError
from desk.access.signin import hashed
from desk.api.duty_shapes import Refused
from desk.web.fields import Fields, WholeForm
from desk.web.refusals import problem
from ledger.people import idempotency

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.web.visit import Visit

T = TypeVar("T")

# The refusals of any operation, for its description.
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": meaning,
        "content": {
            "application/problem+json": {"schema": Refused.model_json_schema()},
        },
    }
    for status, meaning in {
        401: "No valid token",
        403: "The token's user may not do this",
        404: "Unknown, or another agency's",
        409: "The rules refuse it in the present state",
        413: "Too large",
        422: "The request is unreadable or wrong",
        503: "The ledger is busy; try again after Retry-After seconds",
    }.items()
}
MOST = 500  # rows of an answer

Limit = Annotated[int, Query(ge=1, le=MOST)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


async def request_fields(request: Request, form: WholeForm) -> Fields:
    """Return the fields of a JSON object, or of a form that may bring files."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return Fields(form)
    try:
        values = await request.json() if await request.body() else {}
    except (ValueError, RecursionError):
        raise HTTPException(422) from None
    if not isinstance(values, dict) or not all(_is_field(value) for value in values.values()):
        raise HTTPException(422)
    return Fields(FormData([pair for field in values.items() for pair in _pairs(*field)]))


def once(
    visit: Visit, key: str | None, body: object, do: Callable[[], T], document: Callable[[T], Any]
) -> Response:
    """Do a deed and answer with the `document` of its outcome.

    With an Idempotency-Key the same request again gets the same answer, and nothing is done
    twice. A key used for another request (path and `body` differ), or whose request was cut off,
    is a conflict.
    """
    if key is None:
        return JSONResponse(jsonable_encoder(document(do())))
    request, user = visit.request, visit.actor.user
    request_key = hashed(f"{user}\n{key}")
    same = hashed(json.dumps([request.url.path, body]))
    before = idempotency.begin(visit.ledger, request_key, user=user, request=same, on=visit.on)
    if before is not None:
        if before.asked != same or before.status is None:
            return problem(request, 409)
        return Response(before.answer, before.status, media_type="application/json")
    try:
        outcome = do()
    except DubanError:
        idempotency.drop(visit.ledger, request_key)
        raise
    answer = json.dumps(jsonable_encoder(document(outcome)), ensure_ascii=False)
    idempotency.settle(visit.ledger, request_key, 200, answer)
    return Response(answer, media_type="application/json")


def digests(fields: Fields) -> list[tuple[str, str, str]]:
    """Return label, name and SHA-256 of every file in the request."""
    files = []
    for label, each in fields.files():
        digest = hashlib.file_digest(each.file, "sha256").hexdigest()  # type: ignore[arg-type]
        each.file.seek(0)
        files.append((label, each.filename or "", digest))
    return files


def _is_field(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return isinstance(value, str | int) and not isinstance(value, bool)


def _pairs(name: str, value: object) -> list[tuple[str, str]]:
    return [(name, str(each)) for each in (value if isinstance(value, list) else [value])]
