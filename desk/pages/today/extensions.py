"""`/extensions`: extension requests that wait for the office."""

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
from tasks.plans import forecast

router = APIRouter()


@router.get("/extensions")
def extensions(
    visit: Annotated[Visit, Depends(entering("see-extensions"))], duty: str = ""
) -> Response:
    """Show the requests, and one of them with its duty: that of `duty`, else the oldest."""
    with visit.read() as conn:
        requests = waiting.extensions(conn, visit)
        keys = [request.duty for request in requests]
        rows = visibility.duties_of(conn, visit.actor, conditions.of_keys(keys))
        duties = {each.key: each for each in rows}
        key = duty or next(iter(keys), "")
        current = next((each for each in requests if each.duty == key), None)
        mail = forecast.of_move(conn, duties[key], current.asked_to, on=visit.on) if current else []
        return rendering.page(
            visit,
            "today/extensions",
            requests=requests,
            duties=duties,
            picked=bool(duty),
            d=dossier(conn, visit, key) if key else None,
            agencies=agencies.agencies_on(conn, visit.on),
            ways=waiting.ways(conn, visit),
            mail=forecast.in_all(mail),
            **parts(visit, ""),
        )
