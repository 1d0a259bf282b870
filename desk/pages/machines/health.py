"""`/health`: a check that the desk answers and its ledger can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from fastapi.responses import PlainTextResponse

from desk.web.visit import Anyone
from ledger.session import UNREADABLE
from ledger.store.migrate import current

if TYPE_CHECKING:
    from desk.web.desk import Desk

router = APIRouter()


@router.get("/health")
def health(visit: Anyone) -> PlainTextResponse:
    """Answer `ok` when the ledger can be read; the main desk adds a line for every other desk.

    An unreadable ledger of another desk is reported and does not fail this check: an operator that
    restarts what fails would restart all of them.
    """
    with visit.read() as conn:
        current(conn)
    others = visit.desk.others.items()
    lines = [f"{'ok' if _is_well(desk) else 'unreadable'} {name}\n" for name, desk in others]
    return PlainTextResponse("".join(["ok\n", *lines]))


def _is_well(desk: Desk | None) -> bool:
    if desk is None:
        return False
    try:
        with desk.ledger.read() as conn:
            current(conn)
    except UNREADABLE:
        return False
    return True
