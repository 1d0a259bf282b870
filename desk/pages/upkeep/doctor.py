"""`/settings/doctor`: the doctor's findings in words, with what to do and where."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from desk.access.apart import Apart
from desk.web import rendering
from desk.web.visit import Visit, entering
from tasks.upkeep.doctor import findings

router = APIRouter()

Administrator = Annotated[Visit, Depends(entering("administer"))]


def _busy(**_: object) -> Response:
    raise HTTPException(503)


# Some findings wait for other machines; meanwhile the other pages answer.
_apart = Apart(threads=2, waiting=4, busy=_busy)


@router.get("/settings/doctor")
@_apart
def show(visit: Administrator) -> Response:
    """Check the installation and its ledger now, and show what needs a person first."""
    at = visit.desk.clock()
    rows = findings(visit.ledger, at)
    return rendering.page(
        visit,
        "upkeep/doctor",
        page="doctor",
        at=at,
        look=[row for row in rows if not row.ok],
        well=[row for row in rows if row.ok],
    )
