"""`/audit/pack` and `/duty/…/pack`: proof packs, which prove a history without duban."""

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
    """Return the pack of the whole plan."""
    return _pack(visit, visit.plan)


@router.get(DUTY + "/pack")
def of_duty(visit: SignedIn, key: DutyKey) -> Response:
    """Return the pack of one duty to those who oversee it, lead it or perform it."""
    return _pack(visit, key)


def _pack(visit: Visit, of: str) -> Response:
    with visit.read() as conn:
        proof = pack.find(conn, of, visit.actor)
    attachment = f"attachment; filename*=UTF-8''{quote(proof.name, safe='')}"
    pieces = pack.pieces(visit.ledger, proof.scope, visit.lang)
    headers = {"Content-Disposition": attachment}
    return StreamingResponse(pieces, 200, headers, media_type="application/zip")
