"""How a system asks under `/api/`: pages of a list, fields of a deed, and the same deed once."""

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
from desk.web.fields import Fields
from desk.web.refusals import problem
from ledger.people import idempotency

if TYPE_CHECKING:
    from collections.abc import Callable

    from desk.web.visit import Visit

T = TypeVar("T")

# What any operation may be refused with, for its description.
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": said,
        "content": {
            "application/problem+json": {"schema": Refused.model_json_schema()},
        },
    }
    for status, said in {
        401: "No token that holds",
        403: "Not yours to do",
        404: "Not there, or another agency's",
        409: "The rules refuse it as things stand",
        413: "Too large",
        422: "What was sent cannot be read, or is not right",
        503: "The ledger is busy; ask again after Retry-After seconds",
    }.items()
}
MOST = 500  # rows of an answer

Limit = Annotated[int, Query(ge=1, le=MOST)]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


async def request_fields(request: Request) -> Fields:
    """Return the fields of a JSON object, or of a form that may bring files."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
        return Fields(await request.form())
    body = await request.body()
    try:
        said = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        raise HTTPException(422) from None
    if not isinstance(said, dict) or not all(_is_field(value) for value in said.values()):
        raise HTTPException(422)
    return Fields(FormData([(name, str(value)) for name, value in said.items()]))


def once(
    visit: Visit, key: str | None, asked: object, do: Callable[[], T], told: Callable[[T], Any]
) -> Response:
    """Do a deed and answer with what `told` makes of its outcome.

    With an Idempotency-Key the same request again gets the same answer, and nothing is done twice;
    a key that was used for another request (`asked` tells them apart), or whose request was cut
    off, is a conflict.
    """
    if key is None:
        return JSONResponse(jsonable_encoder(told(do())))
    request, user = visit.request, visit.actor.user
    held = hashed(f"{user}\n{key}")
    same = hashed(json.dumps([request.url.path, asked]))
    before = idempotency.begin(visit.ledger, held, user=user, asked=same, on=visit.on)
    if before is not None:
        if before.asked != same or before.status is None:
            return problem(request, 409)
        return Response(before.answer, before.status, media_type="application/json")
    try:
        made = do()
    except DubanError:
        idempotency.drop(visit.ledger, held)
        raise
    answer = json.dumps(jsonable_encoder(told(made)), ensure_ascii=False)
    idempotency.settle(visit.ledger, held, 200, answer)
    return Response(answer, media_type="application/json")


def digests(fields: Fields) -> list[tuple[str, str, str]]:
    """Return label, name and SHA-256 of every file that was brought."""
    found = []
    for label, each in fields.files():
        digest = hashlib.file_digest(each.file, "sha256").hexdigest()  # type: ignore[arg-type]
        each.file.seek(0)
        found.append((label, each.filename or "", digest))
    return found


def _is_field(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)
