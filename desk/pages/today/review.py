"""`/review`: filings that wait for judgement, by the lead first and then by the office."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from desk.duties import waiting
from desk.duties.dossier import dossier
from desk.pages.duties.duty import parts
from desk.web import rendering
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.people import agencies

router = APIRouter()
MENU = Entry("/review", "review.menu", "see-review", 30, waiting.to_judge)


@router.get("/review")
def review(visit: Annotated[Visit, Depends(entering("see-review"))], duty: str = "") -> Response:
    """Show the list, and one of its filings: that of `duty`, else the first."""
    with visit.read() as conn:
        queue = waiting.filings(conn, visit)
        key = duty or next((d.key for group in queue for d in group), "")
        return rendering.page(
            visit,
            "today/review",
            queue=queue,
            picked=bool(duty),
            d=dossier(conn, visit, key) if key else None,
            agencies=agencies.agencies_on(conn, visit.on),
            ways=waiting.ways(conn, visit),
            **parts(visit, ""),
        )
