"""`/audit/pack` and `/duty/…/pack`: what proves a record without duban, to be taken away."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends
from fastapi.responses import Response, StreamingResponse

from desk.proof import pack
from desk.web.addresses import DUTY, DutyKey
from desk.web.visit import SignedIn, Visit, entering

router = APIRouter()


@router.get("/audit/pack")
def of_plan(visit: Annotated[Visit, Depends(entering("see-audit"))]) -> Response:
    """Hand out the pack of the whole plan."""
    return _handed_out(visit, visit.plan)


@router.get(DUTY + "/pack")
def of_duty(visit: SignedIn, key: DutyKey) -> Response:
    """Hand out the pack of one duty to whoever oversees it, leads or performs it."""
    return _handed_out(visit, key)


def _handed_out(visit: Visit, of: str) -> Response:
    with visit.read() as conn:
        found = pack.find(conn, of, visit.actor)
    named = f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"
    pieces = pack.pieces(visit.ledger, found.scope, visit.lang)
    headers = {"Content-Disposition": named}
    return StreamingResponse(pieces, 200, headers, media_type="application/zip")
