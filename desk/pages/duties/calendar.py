"""`/calendar`: the duties due on each day of a month, and the meetings planned in it."""

from __future__ import annotations

import datetime as dt
from calendar import Calendar, monthrange
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.dates.days import A_DAY
from catalog.dates.workdays import Workdays
from catalog.duties.standing import Standing
from desk.access import visibility
from desk.lists import filters
from desk.lists.filters import ListFilters
from desk.lists.planned_meetings import PlannedMeeting, planned_meetings
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

LINES = 4  # a day; its list has the others
MONDAYS = Calendar(firstweekday=0)


class Line(NamedTuple):
    """The duties of one measure due on a day: a title, their number, their worst standing."""

    title: str
    many: int
    standing: Standing
    path: str


class Day(NamedTuple):
    """One day of the grid; `path` opens the list of its `many` duties, `more` have no line."""

    on: dt.date
    inside: bool
    works: bool
    many: int
    path: str
    lines: list[Line]
    more: int
    meetings: list[PlannedMeeting]


router = APIRouter()
MENU = Entry("/calendar", "calendar.menu", "see-calendar", 21)


@router.get("/calendar")
def calendar(
    visit: Annotated[Visit, Depends(entering("see-calendar"))],
    month: str = "",
    agency: str = "",
    plan: str = "",
) -> Response:
    """Show one month, by default this one."""
    selection = ListFilters(month=month or f"{visit.on:%Y-%m}", agency=agency, plan=plan)
    with visit.read() as conn:
        where = [visibility.visible(visit.actor), *filters.where(conn, visit, selection)]
        groups = overview.by_measure(conn, visit.day, *where)
        first = dt.date.fromisoformat(f"{selection.month}-01")
        meetings = planned_meetings(
            conn,
            visit,
            *filters.where(conn, visit, selection._replace(month="")),
            since=first,
            until=first + dt.timedelta(days=monthrange(first.year, first.month)[1] - 1),
        )
        return rendering.page(
            visit,
            "duties/calendar",
            selection=selection,
            month=first,
            before=f"{first - A_DAY:%Y-%m}",
            after=f"{first + dt.timedelta(days=31):%Y-%m}",
            total=sum(group.many for group in groups),
            meetings=meetings,
            weeks=weeks(conn, groups, meetings, selection, workdays=_workdays(conn, visit)),
            agency_choices=[(a.id, a.name) for a in contacts.agencies(conn).values()],
        )


def weeks(
    conn: Connection,
    groups: list[Group],
    meetings: list[PlannedMeeting],
    selection: ListFilters,
    *,
    workdays: Workdays | None,
) -> list[list[Day]]:
    """Return the weeks of the selected month, Monday first.

    Each day has the `groups` that are due and the `meetings` that take place.
    """
    year, month = map(int, selection.month.split("-"))
    due: dict[dt.date, list[Group]] = {}
    for group in sorted(groups, key=lambda group: PRESSING.index(group.worst)):
        due.setdefault(group.due_on, []).append(group)
    keys = [group.key for groups in due.values() for group in groups[:LINES]]
    by_key = duties.of(conn, keys)

    def line(group: Group) -> Line:
        path = selection._replace(month="", day=f"{group.due_on}", measure=group.measure).path()
        return Line(by_key[group.key].title, group.many, group.worst, path)

    def grid_day(day: dt.date) -> Day:
        groups = due.get(day, [])
        works = workdays.is_workday(day) if workdays else day.weekday() < 5  # noqa: PLR2004  Saturday
        path = selection._replace(month="", day=f"{day}").path()
        many, lines = sum(group.many for group in groups), [line(g) for g in groups[:LINES]]
        more = len(groups) - len(lines)
        takes_place = [each for each in meetings if each.first <= day <= each.last]
        return Day(day, day.month == month, works, many, path, lines, more, takes_place)

    return [[grid_day(day) for day in week] for week in MONDAYS.monthdatescalendar(year, month)]


def _workdays(conn: Connection, visit: Visit) -> Workdays | None:
    """Return the working days of the plan, None while none is in force."""
    return in_force(conn, visit.plan).workdays if visit.plans else None
