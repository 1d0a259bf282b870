"""`/extensions`: the requests for another date that wait for the office."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from desk import access, waiting
from desk.dossier import dossier
from desk.pages.duty import parts
from desk.visit import Visit, entering
from ledger import contacts
from ledger.duties import DUTIES
from tasks import foreseen
from tasks.foreseen import Cost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection

    from ledger.duties import Held
    from ledger.life import Extension

router = APIRouter()


@router.get("/extensions")
def extensions(
    visit: Annotated[Visit, Depends(entering("see-extensions"))], duty: str = ""
) -> Response:
    """Show the requests, and beside them the chosen one with its duty, else the oldest."""
    with visit.read() as conn:
        found = waiting.extensions(conn, visit)
        keys = [asked.duty for asked in found]
        held = access.duties_of(conn, visit.actor, DUTIES.c.key.in_(keys))
        duties = {each.key: each for each in held}
        key = duty or next(iter(keys), "")
        return visit.page(
            "extensions",
            asked=found,
            duties=duties,
            picked=bool(duty),
            d=dossier(conn, visit, key) if key else None,
            agencies={a.id: a.name for a in contacts.agencies(conn).values()},
            ways=waiting.ways(conn, visit),
            mail=[line for a in found if a.duty == key for line in _mail(conn, visit, a, duties)],
            **parts(visit, ""),
        )


def _mail(
    conn: Connection, visit: Visit, asked: Extension, duties: Mapping[str, Held]
) -> list[Cost]:
    """Return what granting the day asked for costs each agency in letters, all months together."""
    costs = foreseen.of_move(conn, duties[asked.duty], asked.asked_to, on=visit.on)
    before, after = Counter[str](), Counter[str]()
    for cost in costs:
        before[cost.agency] += cost.before
        after[cost.agency] += cost.after
    return [Cost(agency, "", before[agency], after[agency]) for agency in after]
