"""`/health`: whether the desk answers and its ledger can be read."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from desk.visit import Anyone
from ledger.migrate import current

router = APIRouter()


@router.get("/health")
def health(visit: Anyone) -> PlainTextResponse:
    """Answer `ok` once a connection could be had."""
    with visit.read() as conn:
        current(conn)
    return PlainTextResponse("ok\n")
