"""`/extensions`: the requests for another date that wait for the office."""

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
from tasks.plans import forecast

router = APIRouter()


@router.get("/extensions")
def extensions(
    visit: Annotated[Visit, Depends(entering("see-extensions"))], duty: str = ""
) -> Response:
    """Show the requests, and beside them the chosen one with its duty, else the oldest."""
    with visit.read() as conn:
        found = waiting.extensions(conn, visit)
        keys = [asked.duty for asked in found]
        held = policy.duties_of(conn, visit.actor, conditions.of_keys(keys))
        duties = {each.key: each for each in held}
        key = duty or next(iter(keys), "")
        chosen = next((each for each in found if each.duty == key), None)
        mail = forecast.of_move(conn, duties[key], chosen.asked_to, on=visit.on) if chosen else []
        return rendering.page(
            visit,
            "today/extensions",
            asked=found,
            duties=duties,
            picked=bool(duty),
            d=dossier(conn, visit, key) if key else None,
            agencies={a.id: a.name for a in contacts.agencies(conn).values()},
            ways=waiting.ways(conn, visit),
            mail=forecast.in_all(mail),
            **parts(visit, ""),
        )
