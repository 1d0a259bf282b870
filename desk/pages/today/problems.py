"""`/problems`: what agencies brought to the office, and its answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from desk.access import policy
from desk.duties import waiting
from desk.duties.dossier import dossier
from desk.pages.duties.duty import parts
from desk.web import rendering
from desk.web.visit import Visit, entering
from ledger.duties import conditions
from ledger.post import contacts

SHOWN = 20  # of the answered

router = APIRouter()


@router.get("/problems")
def problems(
    visit: Annotated[Visit, Depends(entering("see-problems"))], duty: str = "", number: int = 0
) -> Response:
    """Show the problems, and beside them the chosen one with its duty, else the oldest."""
    with visit.read() as conn:
        found = waiting.problems(conn, visit)
        known = [problem for group in found for problem in group]
        chosen = [p for p in known if (p.duty, p.number) == (duty, number)] or known[:1]
        held = policy.duties_of(conn, visit.actor, conditions.of_keys([p.duty for p in known]))
        return rendering.page(
            visit,
            "today/problems",
            groups=found._replace(answered=found.answered[:SHOWN]),
            duties={each.key: each for each in held},
            chosen_problem=chosen[0] if chosen else None,
            picked=bool(duty),
            d=dossier(conn, visit, chosen[0].duty) if chosen else None,
            agencies={a.id: a.name for a in contacts.agencies(conn).values()},
            ways=waiting.ways(conn, visit),
            **parts(visit, ""),
        )
