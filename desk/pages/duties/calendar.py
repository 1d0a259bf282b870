"""`/calendar`: what falls due on each day of a month, each day the way to its list."""

from __future__ import annotations

import datetime as dt
from calendar import Calendar
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.dates.days import A_DAY
from catalog.dates.workdays import Workdays
from catalog.duties.standing import Standing
from desk.access import policy
from desk.lists import filters
from desk.lists.filters import ListFilters
from desk.web import rendering
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.duties import duties
from ledger.duties.standing_in_sql import PRESSING
from ledger.post import contacts
from ledger.reports import overview
from ledger.reports.overview import Group
from ledger.session import Connection
from tasks.in_force import in_force

LINES = 4  # of a day; the list of the day has the others
MONDAYS = Calendar(firstweekday=0)


class Line(NamedTuple):
    """What of one measure falls due on a day: its first title, how many, the worst standing."""

    title: str
    many: int
    standing: Standing
    path: str


class Day(NamedTuple):
    """One day of the grid; `path` opens the list of just its `many` duties, `more` have no line."""

    on: dt.date
    inside: bool
    works: bool
    many: int
    path: str
    lines: list[Line]
    more: int


router = APIRouter()
MENU = Entry("/calendar", "calendar.menu", "see-calendar", 21)


@router.get("/calendar")
def calendar(
    visit: Annotated[Visit, Depends(entering("see-calendar"))],
    month: str = "",
    agency: str = "",
    plan: str = "",
) -> Response:
    """Show one month, this one unless another is asked for."""
    asked = ListFilters(month=month or f"{visit.on:%Y-%m}", agency=agency, plan=plan)
    with visit.read() as conn:
        where = [policy.visible(visit.actor), *filters.where(conn, visit, asked)]
        found = overview.by_measure(conn, visit.day, *where)
        first = dt.date.fromisoformat(f"{asked.month}-01")
        return rendering.page(
            visit,
            "duties/calendar",
            asked=asked,
            month=first,
            before=f"{first - A_DAY:%Y-%m}",
            after=f"{first + dt.timedelta(days=31):%Y-%m}",
            total=sum(group.many for group in found),
            weeks=weeks(conn, found, asked, workdays=_workdays(conn, visit)),
            named=[(a.id, a.name) for a in contacts.agencies(conn).values()],
        )


def weeks(
    conn: Connection, found: list[Group], asked: ListFilters, *, workdays: Workdays | None
) -> list[list[Day]]:
    """Return the weeks of the month asked for, Monday first, with what of `found` is due."""
    year, month = map(int, asked.month.split("-"))
    due: dict[dt.date, list[Group]] = {}
    for group in sorted(found, key=lambda group: PRESSING.index(group.worst)):
        due.setdefault(group.due_on, []).append(group)
    shown = [group.key for groups in due.values() for group in groups[:LINES]]
    held = duties.of(conn, shown)

    def line(group: Group) -> Line:
        path = asked._replace(month="", day=f"{group.due_on}", measure=group.measure).path()
        return Line(held[group.key].title, group.many, group.worst, path)

    def made(day: dt.date) -> Day:
        groups = due.get(day, [])
        works = workdays.is_workday(day) if workdays else day.weekday() < 5  # noqa: PLR2004
        path = asked._replace(month="", day=f"{day}").path()
        many, lines = sum(group.many for group in groups), [line(g) for g in groups[:LINES]]
        more = len(groups) - len(lines)
        return Day(day, day.month == month, works, many, path, lines, more)

    return [[made(day) for day in week] for week in MONDAYS.monthdatescalendar(year, month)]


def _workdays(conn: Connection, visit: Visit) -> Workdays | None:
    """Return the working days of the plan, None while none is in force."""
    return in_force(conn, visit.plan).workdays if visit.plans else None
