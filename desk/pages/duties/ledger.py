"""`/ledger`: the duties one may see, filtered by the address, fifty a page, each on its strip."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from catalog.duties.standing import Status
from desk.access import policy
from desk.duties.bulk import ACTIONS
from desk.duties.dossier import countdown
from desk.lists import filters
from desk.lists.filters import ListFilters
from desk.pages.duties.gantt import Scale
from desk.pages.duties.views import saved
from desk.web import rendering
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.duties.duties import Duty
from ledger.post import contacts
from ledger.session import Connection
from tasks.in_force import in_force

PAGE = 50
FIRST = ListFilters(view="open")  # what an address shows that asks nothing
SHOWN = ("open", "overdue", "review", "due", "unsigned", "asked", "behind", "late", "all")

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
    plan: str = "",
) -> ListFilters:
    """Return the filters of the address; of the rows chosen there, `every` makes the whole list."""
    chosen = () if every else tuple(key)
    return ListFilters(
        view, q[:200], agency, measure, light, status, month, kind, day, chosen, plan
    )


Seen = Annotated[Visit, Depends(entering("see-ledger"))]
Filters = Annotated[ListFilters, Depends(asked)]


@router.get("/ledger")
def ledger(
    visit: Seen, asked: Filters, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """Show one page of the list the address asks for, by due date; of what is open at first."""
    asked = asked if asked.active or asked.key else FIRST
    with visit.read() as conn:
        where = filters.where(conn, visit, asked)
        total = filters.count(conn, visit, asked)
        pages = max((total + PAGE - 1) // PAGE, 1)
        page = min(page, pages)
        found = policy.duties_of(
            conn, visit.actor, *where,
            order=["due_on"], limit=PAGE, offset=(page - 1) * PAGE,
        )  # fmt: skip
        scale, agencies = _scale(found, visit.on), contacts.agencies(conn)
        return rendering.page(
            visit,
            "duties/ledger",
            asked=asked,
            duties=found,
            total=total,
            page=page,
            pages=pages,
            first=(page - 1) * PAGE + 1,
            scale=scale,
            grid=scale.grid(),
            when=functools.partial(countdown, visit),
            actions=ACTIONS if visit.may("act-in-bulk") else (),
            views=("mine", *SHOWN) if visit.actor.kind == "agency" else SHOWN,
            saved=saved(conn, visit),
            agencies=agencies,
            named=[(a.id, a.name) for a in agencies.values()],
            measures=_measures(conn, visit),
            kinds=filters.KINDS,
            statuses=get_args(Status),
        )


def _measures(conn: Connection, visit: Visit) -> list[str]:
    """Return the numbers of the measures of every plan in force, in the plan's order."""
    plans = (in_force(conn, edition.plan).plan for edition in visit.plans)
    return list(dict.fromkeys(measure.number for plan in plans for measure in plan.measures))


def _scale(found: list[Duty], on: dt.date) -> Scale:
    """Return the days that the strips of a page span: all of its duties, and today."""
    first = min((duty.opens_on for duty in found), default=on)
    return Scale(min(first, on), max((duty.due_on for duty in found), default=on))
