"""`/sweeps`: a person confirms a leap of the clock, or slips that are many at once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from desk.access.visibility import HOMES
from desk.web.addresses import redirect
from desk.web.visit import Visit, entering
from tasks.sweep import escalate
from tasks.sweep.brake import confirm_leap

router = APIRouter()
Watcher = Annotated[Visit, Depends(entering("confirm-sweep"))]


@router.post("/sweeps/slips")
def draft_slips(visit: Watcher) -> Response:
    """Draft the slips that are held; who confirmed them stands in the history."""
    escalate.release(visit.ledger, visit.plan, visit.act)
    return redirect(HOMES[visit.actor.kind], "base.slips-drafted")


@router.post("/sweeps/leap")
def leap(visit: Watcher) -> Response:
    """Let the next sweep leap; who confirmed the clock stands in the history."""
    confirm_leap(visit.ledger, visit.plan, visit.act)
    return redirect(HOMES[visit.actor.kind], "base.leap-confirmed")
