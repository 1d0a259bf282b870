"""`/ledger`: the visible duties, filtered by the address, fifty a page, each with its strip."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Annotated, get_args

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from catalog.duties import adhoc
from catalog.duties.standing import Status
from desk.access import visibility
from desk.duties.bulk import ACTIONS
from desk.duties.dossier import countdown
from desk.lists import filters
from desk.lists.filters import ListFilters
from desk.pages.duties.gantt import Scale
from desk.pages.duties.views import own_views
from desk.web import rendering
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.duties import conditions
from ledger.duties.duties import Duty
from ledger.people import agencies as register
from ledger.reports import granted_and_released
from ledger.session import Connection
from tasks.in_force import in_force

PAGE = 50
FIRST = ListFilters(view="open")  # the list of an address without filters
VIEWS = (
    "open",
    "overdue",
    "review",
    "due",
    "unsigned",
    "asked",
    "behind",
    "unreported",
    "late",
    "all",
)

router = APIRouter()
MENU = Entry("/ledger", "ledger.menu", "see-ledger", 20)


def read_filters(
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
    silent: str = "",
) -> ListFilters:
    """Return the filters of the address; `every` selects the whole list instead of rows."""
    keys = () if every else tuple(key)
    standing = (light, status, month, kind, day, keys, plan, silent)
    return ListFilters(view, q[:200], agency, measure, *standing)


Seen = Annotated[Visit, Depends(entering("see-ledger"))]
Filters = Annotated[ListFilters, Depends(read_filters)]


@router.get("/ledger")
def ledger(
    visit: Seen, selection: Filters, page: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """Show one page of the list of the address, by due date; without filters, of open duties."""
    selection = selection if selection.active or selection.key else FIRST
    with visit.read() as conn:
        where = filters.where(conn, visit, selection)
        total = filters.count(conn, visit, selection)
        pages = max((total + PAGE - 1) // PAGE, 1)
        page = min(page, pages)
        rows = visibility.duties_of(
            conn, visit.actor, *where,
            order=["due_on"], limit=PAGE, offset=(page - 1) * PAGE,
        )  # fmt: skip
        scale, agencies = _scale(rows, visit.on), register.agencies_on(conn, visit.on)
        return rendering.page(
            visit,
            "duties/ledger",
            selection=selection,
            duties=rows,
            total=total,
            page=page,
            pages=pages,
            first=(page - 1) * PAGE + 1,
            scale=scale,
            grid=scale.grid(),
            when=functools.partial(countdown, visit),
            actions=ACTIONS if visit.may("act-in-bulk") else (),
            views=("mine", *VIEWS) if visit.actor.kind == "agency" else VIEWS,
            own_views=own_views(conn, visit),
            undocumented=granted_and_released.undocumented(
                conn, conditions.of_keys([duty.key for duty in rows])
            ),
            agencies=agencies,
            agency_choices=[(a.id, a.name) for a in agencies.values()],
            measures=_measures(conn, visit),
            kinds=filters.KINDS,
            statuses=get_args(Status),
        )


def _measures(conn: Connection, visit: Visit) -> list[str]:
    """Return the numbers of the measures of every plan in force, in the plan's order.

    The last is that of duties beside a plan, where there are any.
    """
    editions = [in_force(conn, edition.plan) for edition in visit.plans]
    numbers = [measure.number for each in editions for measure in each.plan.measures]
    beside = [adhoc.MEASURE] if any(each.beside for each in editions) else []
    return list(dict.fromkeys(numbers + beside))


def _scale(rows: list[Duty], on: dt.date) -> Scale:
    """Return the span of the strips of a page: all of its duties, and today."""
    first = min((duty.opens_on for duty in rows), default=on)
    return Scale(min(first, on), max((duty.due_on for duty in rows), default=on))
