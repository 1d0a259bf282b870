"""`/`: the cockpit of the office: the state of the plan and what to do first."""

from __future__ import annotations

import calendar
import datetime as dt
import functools
from typing import NamedTuple
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from catalog.duties.standing import DUE_SOON
from desk.access import visibility
from desk.duties.dossier import countdown
from desk.lists import cockpit_charts, filters
from desk.lists.filters import ListFilters
from desk.lists.planned_meetings import planned_meetings
from desk.web import rendering
from desk.web.addresses import duty_path, redirect
from desk.web.menu import Entry
from desk.web.visit import SignedIn, Visit
from ledger.duties import duties
from ledger.duties.conditions import Condition
from ledger.duties.duties import Duty
from ledger.people import agencies as register
from ledger.post import contacts
from ledger.post.messages import UNDELIVERED
from ledger.reports import overview
from ledger.reports.overview import Cell
from ledger.session import Connection
from tasks.past.listing import count as unsettled

# The six counts: the view of the ledger each opens, its class and its icon.
TILES = (
    ("overdue", "late", "late"),
    ("review", "wait", "wait"),
    ("due", "soon", "soon"),
    ("unsigned", "todo", "todo"),
    ("asked", "act", "cal"),
    ("unreported", "soon", "soon"),
)
FIRST = 6
# The page on which the office handles the duties of a view; else it urges the performer.
WAYS = {"review": "/review", "asked": "/extensions"}
MONTHS = (-5, 7)  # of the table of lights, from this one
AGENCIES = 16  # rows of the table of lights unless all are wanted
COMING = 8
NOT_OPEN = "not-open"


class Row(NamedTuple):
    """An agency in the table of lights: class, icon and number of each month's cell, or None."""

    agency: str
    cells: list[tuple[str, str, int] | None]


class Coming(NamedTuple):
    """The duties of one measure due on a day soon: a title, their number, and their list.

    A meeting that is planned for the day has its hours, or else the words for its day, as `clock`.
    """

    on: dt.date
    title: str
    many: int
    path: str
    clock: str = ""


class First(NamedTuple):
    """A duty to handle first: the one action on it, and the address of that."""

    duty: Duty
    action: str
    path: str


router = APIRouter()
MENU = Entry("/", "cockpit.menu", "see-cockpit", 1)


@router.get("/")
def cockpit(visit: SignedIn, plan: str = "", agencies: str = "") -> Response:
    """Show the office its day; redirect everybody else to the home page of their kind.

    `plan` shows one plan of several, `agencies=all` every row of the table of lights.
    """
    if visit.actor.is_founding or not visit.may("see-cockpit"):
        return redirect(visit.actor.home)
    selection = ListFilters(plan=visit.plan if plan else "")
    with visit.read() as conn:
        where = [visibility.visible(visit.actor), *filters.where(conn, visit, selection)]
        names = contacts.agencies(conn)
        reader = (visit.actor.kind, visit.on, selection.plan)
        due, endings = visit.desk.counts.of(
            conn,
            ("course", *reader),
            lambda: (
                overview.due_by_day(conn, *where),
                overview.done_by_day(conn, visit.on, *where),
            ),
        )
        lines = cockpit_charts.lines(due, endings, visit.on)
        total = sum(due.values())
        closed = total - duties.count(conn, visit.day.live, *where)
        planned = sum(many for day, many in due.items() if day <= visit.on)
        every = visit.desk.counts.of(conn, ("lights", *reader), lambda: table(conn, visit, where))
        rows = every if agencies == "all" else every[:AGENCIES]
        return rendering.page(
            visit,
            "today/cockpit",
            selection=selection,
            tiles=[(*tile, _count(conn, visit, selection, tile[0])) for tile in TILES],
            waits=_count(conn, visit, selection, "waits"),
            gaps=gaps(conn, visit, selection),
            undelivered={state: overview.undelivered(conn, state) for state in UNDELIVERED},
            unnamed=unnamed_groups(conn, visit, selection),
            first=first(conn, visit, selection),
            when=functools.partial(countdown, visit),
            agencies=names,
            total=total,
            closed=closed,
            planned=planned,
            lines=lines,
            step=cockpit_charts.step(lines[-1].planned if lines else 0),
            months=months(visit.on),
            lights=rows,
            more=len(every) - len(rows),
            bars=cockpit_charts.bars(conn, visit, selection.plan, where),
            coming=coming(conn, visit, selection),
            past={e.plan: n for e in visit.plans if (n := unsettled(conn, e.plan))},
        )


def unnamed_groups(conn: Connection, visit: Visit, selection: ListFilters) -> dict[str, str]:
    """Return the open groups whose bodies are not named, each with a plan that it has a part in."""
    plans = [selection.plan] if selection.plan else [edition.plan for edition in visit.plans]
    return {group: plan for plan in plans for group in register.unnamed(conn, plan)}


def _count(conn: Connection, visit: Visit, selection: ListFilters, view: str) -> int:
    return filters.count(conn, visit, selection._replace(view=view))


def gaps(conn: Connection, visit: Visit, selection: ListFilters) -> list[tuple[str, int]]:
    """Return the one or two agencies with most overdue duties, and the lengths of their lists.

    The list of an agency includes the duties it leads.
    """
    where = [
        visibility.visible(visit.actor),
        *filters.where(conn, visit, selection._replace(view="overdue")),
    ]
    late = list(overview.performing(conn, *where))[:2]
    return [
        (agency, _count(conn, visit, selection._replace(agency=agency), "overdue"))
        for agency in late
    ]


def first(conn: Connection, visit: Visit, selection: ListFilters) -> list[First]:
    """Return the duties to handle first: of each view in turn by due date, each duty once."""
    items: dict[str, First] = {}
    for view in filters.WAITING:
        where = filters.where(conn, visit, selection._replace(view=view))
        for duty in visibility.duties_of(conn, visit.actor, *where, order=["due_on"], limit=FIRST):
            items.setdefault(duty.key, _action(visit, duty, view))
    return list(items.values())[:FIRST]


def _action(visit: Visit, duty: Duty, view: str) -> First:
    if view in WAYS:
        return First(duty, view, f"{WAYS[view]}?{urlencode({'duty': duty.key})}")
    if visit.may("urge", duty):
        return First(duty, "urge", f"{duty_path(duty.key)}/do/urge")
    return First(duty, "open", duty_path(duty.key))


def months(on: dt.date) -> list[dt.date]:
    """Return the first days of the months of the table of lights."""
    count = on.year * 12 + on.month - 1
    return [dt.date((count + n) // 12, (count + n) % 12 + 1, 1) for n in range(*MONTHS)]


def table(conn: Connection, visit: Visit, where: list[Condition]) -> list[Row]:
    """Return the table of lights, by agency and month, those with most red cells first."""
    span = months(visit.on)
    last = span[-1].replace(day=calendar.monthrange(span[-1].year, span[-1].month)[1])
    cells = overview.by_agency(conn, visit.day, *where, span=(span[0], last))
    rows = [
        Row(agency, [light(months_of.get(m)) for m in span]) for agency, months_of in cells.items()
    ]
    return sorted(rows, key=_burden)


def _burden(row: Row) -> tuple[int, int, str]:
    cells = [cell for cell in row.cells if cell]
    red, every = sum(css == "late" for css, _, _ in cells), sum(many for _, _, many in cells)
    return -red, -every, row.agency


def light(cell: Cell | None) -> tuple[str, str, int] | None:
    """Return the class, icon and number of a cell: its worst light, all ended, or none open."""
    if cell is None:
        return None
    if cell.worst is None:
        return "done", "done", cell.many
    if cell.worst.status == NOT_OPEN and cell.live == cell.many:
        return "fut", "", cell.many
    css = {"red": "late", "amber": "soon", "green": "ok"}.get(cell.worst.light, "todo")
    return css, css, cell.many


def coming(conn: Connection, visit: Visit, selection: ListFilters) -> list[Coming]:
    """Return the meetings planned for the next two weeks, and the duties due then, by day."""
    of_plan = filters.where(conn, visit, selection._replace(view="all"))
    until = visit.on + DUE_SOON
    planned = planned_meetings(conn, visit, *of_plan, since=visit.on, until=until)[:COMING]
    meets = [
        Coming(m.first, m.duty.title, 1, duty_path(m.duty.key), m.clock or m.when) for m in planned
    ]
    return sorted([*meets, *_due(conn, visit, selection._replace(view="due"))])[:COMING]


def _due(conn: Connection, visit: Visit, selection: ListFilters) -> list[Coming]:
    groups = overview.by_measure(
        conn, visit.day, visibility.visible(visit.actor), *filters.where(conn, visit, selection)
    )[:COMING]
    by_key = duties.of(conn, [group.key for group in groups])
    lists = [selection._replace(day=f"{group.due_on}", measure=group.measure) for group in groups]
    return [
        Coming(
            group.due_on,
            by_key[group.key].title,
            group.many,
            duty_path(group.key) if group.many == 1 else list_.path(),
        )
        for group, list_ in zip(groups, lists, strict=True)
    ]
