"""`/problems`: problems that agencies reported, and the office's answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from desk.access import visibility
from desk.duties import waiting
from desk.duties.dossier import dossier
from desk.pages.duties.duty import parts
from desk.web import rendering
from desk.web.visit import Visit, entering
from ledger.duties import conditions
from ledger.people import agencies

ANSWERED = 20  # problems with an answer on the page

router = APIRouter()


@router.get("/problems")
def problems(
    visit: Annotated[Visit, Depends(entering("see-problems"))], duty: str = "", number: int = 0
) -> Response:
    """Show the problems, and one of them with its duty: that of `number`, else the oldest."""
    with visit.read() as conn:
        queue = waiting.problems(conn, visit)
        every = [problem for group in queue for problem in group]
        current = [p for p in every if (p.duty, p.number) == (duty, number)] or every[:1]
        rows = visibility.duties_of(conn, visit.actor, conditions.of_keys([p.duty for p in every]))
        return rendering.page(
            visit,
            "today/problems",
            groups=queue._replace(answered=queue.answered[:ANSWERED]),
            duties={each.key: each for each in rows},
            chosen_problem=current[0] if current else None,
            picked=bool(duty),
            d=dossier(conn, visit, current[0].duty) if current else None,
            agencies=agencies.agencies_on(conn, visit.on),
            ways=waiting.ways(conn, visit),
            **parts(visit, ""),
        )
