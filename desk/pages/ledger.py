"""`/ledger`: the duties one may see, filtered by the address, fifty a page, each on its strip."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from sqlalchemy import Connection

from catalog.standing import Status
from desk import access, shelf
from desk.bulk import ACTIONS
from desk.menu import Entry
from desk.pages.views import saved
from desk.shelf import Asked
from desk.visit import Visit, entering
from ledger import contacts
from ledger.duties import DUTIES, Held
from tasks.editions import in_force

PAGE = 50
SHOWN = ("open", "overdue", "review", "due", "unsigned", "asked", "behind", "late")

router = APIRouter()
MENU = Entry("/ledger", "ledger.menu", "see-ledger", 20)


def asked(
    *,
    view: str = "",
    q: str = "",
    agency: str = "",
    measure: str = "",
    light: str = "",
    status: str = "",
    month: str = "",
    kind: str = "",
    day: str = "",
    key: Annotated[list[str], Query(max_length=PAGE)] = [],  # noqa: B006  FastAPI copies it
    every: str = "",
) -> Asked:
    """Return the filters of the address; of the rows chosen there, `every` makes the whole list."""
    chosen = () if every else tuple(key)
    return Asked(view, q[:200], agency, measure, light, status, month, kind, day, chosen)


Seen = Annotated[Visit, Depends(entering("see-ledger"))]
Filters = Annotated[Asked, Depends(asked)]


@router.get("/ledger")
def ledger(
    visit: Seen, asked: Filters, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """Show one page of the list the address asks for."""
    with visit.read() as conn:
        where = shelf.where(conn, visit, asked)
        total = access.count_of(conn, visit.actor, *where)
        pages = max((total + PAGE - 1) // PAGE, 1)
        page = min(page, pages)
        found = access.duties_of(
            conn, visit.actor, *where,
            order=[DUTIES.c.due_on], limit=PAGE, offset=(page - 1) * PAGE,
        )  # fmt: skip
        return visit.page(
            "ledger",
            asked=asked,
            duties=found,
            total=total,
            page=page,
            pages=pages,
            first=(page - 1) * PAGE + 1,
            strips=_strips(found, visit.on),
            actions=ACTIONS if visit.may("act-in-bulk") else (),
            views=SHOWN,
            saved=saved(conn, visit),
            agencies=contacts.agencies(conn),
            measures=_measures(conn, visit),
            kinds=shelf.KINDS,
            statuses=get_args(Status),
        )


def _measures(conn: Connection, visit: Visit) -> list[str]:
    """Return the numbers of the measures of every plan in force, in the plan's order."""
    plans = (in_force(conn, edition.plan).plan for edition in visit.plans)
    return list(dict.fromkeys(measure.number for plan in plans for measure in plan.measures))


def _strips(found: list[Held], on: dt.date) -> dict[str, tuple[float, float, float | None]]:
    """Return where each duty opens, is due, and was reported, as places of one common strip."""
    if not found:
        return {}
    first = min(duty.opens_on for duty in found)
    last = max(*(duty.due_on for duty in found), on)
    span = max((last - first).days, 1)
    strips: dict[str, tuple[float, float, float | None]] = {
        duty.key: (
            (duty.opens_on - first).days / span,
            (duty.due_on - first).days / span,
            (done - first).days / span if (done := duty.filed_on or duty.closed_on) else None,
        )
        for duty in found
    }
    return strips | {"": (0.0, 1.0, (on - first).days / span)}
