"""`/gantt`: the measures of the plan in time, each folded to one strip, one of them open."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, NamedTuple

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import Connection

from catalog.standing import Status
from desk import access, shelf
from desk.look import LAMPS
from desk.menu import Entry
from desk.pages.calendar import PRESSING
from desk.shelf import Asked
from desk.visit import Visit, entering
from ledger import contacts, standings
from ledger.duties import DUTIES, Held
from tasks.editions import in_force


class Scale(NamedTuple):
    """The days a strip spans, from the first shown to the last."""

    first: dt.date
    last: dt.date

    def at(self, on: dt.date) -> float:
        """Return where `on` lies, 0..1, at the edge for a day outside."""
        share = (on - self.first).days / max((self.last - self.first).days, 1)
        return min(max(share, 0.0), 1.0)

    def quarters(self) -> list[dt.date]:
        """Return the first days of the quarters inside."""
        years = range(self.first.year, self.last.year + 1)
        days = (dt.date(year, month, 1) for year in years for month in (1, 4, 7, 10))
        return [day for day in days if self.first <= day <= self.last]

    @property
    def lines(self) -> list[float]:
        """Where the quarters begin, 0..1."""
        return [self.at(day) for day in self.quarters()]


class Mark(NamedTuple):
    """How many duties of a measure fall due on a day, and the most pressing of their statuses."""

    due_on: dt.date
    status: Status
    many: int


class Row(NamedTuple):
    """One measure: its title, when its first duty opens, and its due dates."""

    measure: str
    title: str
    opens_on: dt.date
    marks: list[Mark]

    @property
    def many(self) -> int:
        """How many duties it has."""
        return sum(mark.many for mark in self.marks)


router = APIRouter()
MENU = Entry("/gantt", "gantt.menu", "see-calendar", 22)


@router.get("/gantt")
def gantt(
    visit: Annotated[Visit, Depends(entering("see-calendar"))], measure: str = "", agency: str = ""
) -> Response:
    """Show every measure; the duties of `measure` stand under it."""
    asked = Asked(agency=agency)
    with visit.read() as conn:
        where = shelf.where(conn, visit, asked)
        if visit.plans:
            where.append(DUTIES.c.plan == visit.plan)
        shown = rows(conn, visit, where) if visit.plans else []
        days = [day for row in shown for day in (row.opens_on, row.marks[-1].due_on)]
        return visit.page(
            "gantt",
            asked=asked,
            rows=shown,
            measure=measure,
            opened=_opened(conn, visit, [*where, DUTIES.c.measure == measure]) if measure else [],
            scale=Scale(min(days, default=visit.on), max(days, default=visit.on)),
            agencies=contacts.agencies(conn),
            lamps=LAMPS,
        )


def rows(conn: Connection, visit: Visit, where: list[sa.ColumnElement[bool]]) -> list[Row]:
    """Return the measures of the plan that have duties `where`, in the order of the plan."""
    c, status = DUTIES.c, standings.at(conn, visit.on).status
    wanted = (
        sa.select(c.measure, c.due_on, status, sa.func.count(), sa.func.min(c.opens_on))
        .where(access.visible(visit.actor), *where)
        .group_by(c.measure, c.due_on, status)
        .order_by(c.due_on)
    )
    found: dict[str, list[tuple[dt.date, Status, int, dt.date]]] = {}
    for measure, *rest in conn.execute(wanted):
        found.setdefault(measure, []).append((rest[0], rest[1], rest[2], rest[3]))
    titles = {m.number: m.title for m in in_force(conn, visit.plan).plan.measures}
    order = [number for number in titles if number in found]
    order += [number for number in found if number not in titles]
    return [_row(number, titles.get(number, ""), found[number]) for number in order]


def _row(measure: str, title: str, found: list[tuple[dt.date, Status, int, dt.date]]) -> Row:
    by_day: dict[dt.date, list[tuple[Status, int]]] = {}
    for due_on, status, many, _ in found:
        by_day.setdefault(due_on, []).append((status, many))
    marks = [
        Mark(day, min((status for status, _ in due), key=PRESSING.index), sum(n for _, n in due))
        for day, due in by_day.items()
    ]
    return Row(measure, title, min(opens_on for *_, opens_on in found), marks)


def _opened(conn: Connection, visit: Visit, where: list[sa.ColumnElement[bool]]) -> list[Held]:
    order = [DUTIES.c.due_on, DUTIES.c.obligation, DUTIES.c.performer]
    return access.duties_of(conn, visit.actor, *where, order=order)
