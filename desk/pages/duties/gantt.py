"""`/gantt`: the measures of the plan in time, each as one strip, one of them unfolded."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from desk.access import visibility
from desk.lists import filters
from desk.lists.filters import ListFilters
from desk.web import rendering
from desk.web.lamps import LAMPS
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.duties import conditions
from ledger.duties.conditions import Condition
from ledger.duties.duties import Duty, Order
from ledger.people import agencies as register
from ledger.reports import overview
from ledger.reports.overview import Group
from ledger.session import Connection
from tasks.in_force import in_force

UNFOLDED = 50  # duties of the unfolded measure; the ledger lists them all


class Scale(NamedTuple):
    """The span of a strip, from its first day to its last."""

    first: dt.date
    last: dt.date

    def at(self, on: dt.date) -> float:
        """Return the position of `on`, 0..1, at the edge for a day outside."""
        share = (on - self.first).days / max((self.last - self.first).days, 1)
        return min(max(share, 0.0), 1.0)

    def quarters(self) -> list[dt.date]:
        """Return the first days of the quarters inside."""
        years = range(self.first.year, self.last.year + 1)
        days = (dt.date(year, month, 1) for year in years for month in (1, 4, 7, 10))
        return [day for day in days if self.first <= day <= self.last]

    def grid(self) -> str:
        """Return the path of the lines at the beginnings of quarters, on a strip of the ledger."""
        return "".join(f"M{440 * self.at(day):.1f} 0v40" for day in self.quarters())


class Row(NamedTuple):
    """One measure: its number, its title, and its duties by due date."""

    measure: str
    title: str
    marks: list[Group]

    @property
    def opens_on(self) -> dt.date:
        """The first day on which a duty opens."""
        return min(mark.opens_on for mark in self.marks)

    @property
    def many(self) -> int:
        """The number of its duties."""
        return sum(mark.many for mark in self.marks)


router = APIRouter()
MENU = Entry("/gantt", "gantt.menu", "see-calendar", 22)


@router.get("/gantt")
def gantt(
    visit: Annotated[Visit, Depends(entering("see-calendar"))], measure: str = "", agency: str = ""
) -> Response:
    """Show every measure; the duties of `measure` stand under it."""
    selection = ListFilters(agency=agency, plan=visit.plan if visit.plans else "")
    with visit.read() as conn:
        where = filters.where(conn, visit, selection)
        measures = rows(conn, visit, where) if visit.plans else []
        agencies = register.agencies_on(conn, visit.on)
        days = [day for row in measures for day in (row.opens_on, row.marks[-1].due_on)]
        return rendering.page(
            visit,
            "duties/gantt",
            selection=selection,
            rows=measures,
            measure=measure,
            duties=_unfolded(conn, visit, measure, where) if measure else [],
            scale=Scale(min(days, default=visit.on), max(days, default=visit.on)),
            agencies=agencies,
            agency_choices=[(a.id, a.name) for a in agencies.values()],
            lamps=LAMPS,
        )


def rows(conn: Connection, visit: Visit, where: list[Condition]) -> list[Row]:
    """Return the measures of the plan that have duties `where`, in the order of the plan."""
    groups: dict[str, list[Group]] = {}
    for group in overview.by_measure(conn, visit.day, visibility.visible(visit.actor), *where):
        groups.setdefault(group.measure, []).append(group)
    titles = {m.number: m.title for m in in_force(conn, visit.plan).plan.measures}
    order = [number for number in titles if number in groups]
    order += [number for number in groups if number not in titles]
    return [Row(number, titles.get(number, ""), groups[number]) for number in order]


def _unfolded(conn: Connection, visit: Visit, measure: str, where: list[Condition]) -> list[Duty]:
    own = conditions.of(measure=measure)
    order: list[Order] = ["due_on", "obligation", "performer"]
    return visibility.duties_of(conn, visit.actor, own, *where, order=order, limit=UNFOLDED)
