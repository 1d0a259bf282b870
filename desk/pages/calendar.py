"""`/calendar`: what falls due on each day of a month, each day the way to its list."""

from __future__ import annotations

import datetime as dt
from calendar import Calendar
from itertools import groupby
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import Connection

from catalog.standing import Standing, standing
from catalog.workdays import Workdays
from desk import access, shelf
from desk.menu import Entry
from desk.shelf import Asked
from desk.visit import Visit, entering
from ledger import contacts, duties
from ledger.duties import DUTIES, Held
from tasks.editions import in_force

# Of several things the light of the most pressing is shown.
PRESSING = (
    "overdue", "returned", "behind-pace", "due-soon", "under-review", "awaiting-receipt",
    "on-course", "suspended", "not-open", "closed-late", "closed-not-done", "closed-on-time",
    "waived",
)  # fmt: skip
MONDAYS = Calendar(firstweekday=0)


class Line(NamedTuple):
    """What of one measure falls due on a day: its first title, how many, the worst standing."""

    title: str
    many: int
    standing: Standing
    path: str


class Day(NamedTuple):
    """One day of the grid; `path` opens the list of just its `many` duties."""

    on: dt.date
    inside: bool
    works: bool
    many: int
    path: str
    lines: list[Line]


router = APIRouter()
MENU = Entry("/calendar", "calendar.menu", "see-calendar", 21)


@router.get("/calendar")
def calendar(
    visit: Annotated[Visit, Depends(entering("see-calendar"))], month: str = "", agency: str = ""
) -> Response:
    """Show one month, this one unless another is asked for."""
    asked = Asked(month=month or f"{visit.on:%Y-%m}", agency=agency)
    with visit.read() as conn:
        where = shelf.where(conn, visit, asked)
        found = access.duties_of(
            conn, visit.actor, *where, order=[DUTIES.c.due_on, DUTIES.c.measure]
        )
        first = dt.date.fromisoformat(f"{asked.month}-01")
        return visit.page(
            "calendar",
            asked=asked,
            month=first,
            before=f"{first - dt.timedelta(days=1):%Y-%m}",
            after=f"{first + dt.timedelta(days=31):%Y-%m}",
            total=len(found),
            weeks=weeks(found, asked, visit.on, workdays=_workdays(conn, visit)),
            agencies=contacts.agencies(conn),
        )


def weeks(
    found: list[Held], asked: Asked, on: dt.date, *, workdays: Workdays | None
) -> list[list[Day]]:
    """Return the weeks of the month asked for, Monday first, with what of `found` is due."""
    year, month = map(int, asked.month.split("-"))
    due = {day: list(held) for day, held in groupby(found, key=lambda duty: duty.due_on)}

    def made(day: dt.date) -> Day:
        list_of = Asked(day=day.isoformat(), agency=asked.agency)
        held = due.get(day, [])
        works = workdays.is_workday(day) if workdays else day.weekday() < 5  # noqa: PLR2004
        lines = _lines(held, list_of, on)
        return Day(day, day.month == month, works, len(held), list_of.path(), lines)

    return [[made(day) for day in week] for week in MONDAYS.monthdatescalendar(year, month)]


def _lines(held: list[Held], list_of: Asked, on: dt.date) -> list[Line]:
    """Return a line for each measure, the most pressing first."""
    made: list[Line] = []
    for measure, group in groupby(held, key=lambda duty: duty.measure):
        same = list(group)
        worst = min((standing(duties.facts(d), on) for d in same), key=_press)
        path = list_of._replace(measure=measure).path()
        made.append(Line(same[0].title, len(same), worst, path))
    return sorted(made, key=lambda line: _press(line.standing))


def _press(now: Standing) -> int:
    return PRESSING.index(now.status)


def _workdays(conn: Connection, visit: Visit) -> Workdays | None:
    """Return the working days of the plan, None while none is in force."""
    return in_force(conn, visit.plan).workdays if visit.plans else None
