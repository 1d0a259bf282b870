"""`/burden`: what each agency was written and asked a month, beside the plan's own measure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Annotated, NamedTuple

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.dates.days import A_DAY
from catalog.errors import NotFoundError
from catalog.plans.load import load_plan, plan_names
from desk.lists.filters import MONTH
from desk.web import rendering
from desk.web.visit import Visit, entering
from ledger.duties import conditions, duties
from ledger.post import contacts
from ledger.reports import burden as counted
from tasks.in_force import in_force
from tasks.plans import forecast as foreseen

if TYPE_CHECKING:
    from collections import Counter

    from ledger.post.contacts import Agency
    from ledger.session import Connection

MONTHS = 12
NEAR = 0.8  # of the measure, from where on a month is marked

router = APIRouter()
Seen = Annotated[Visit, Depends(entering("see-burden"))]

# What the macro `heat` takes: class, icon, number, address, label.
Cell = tuple[str, str, int, str, str] | None


class Line(NamedTuple):
    """One agency in the months shown: a cell a month, and what it comes to."""

    name: str
    cells: list[Cell]
    messages: int
    requests: int
    over: int


@router.get("/burden")
def burden(visit: Seen) -> Response:
    """Show the last twelve months, the agencies that were written to most first."""
    months = _months(visit.on)
    since, until = _span(months[0])[0], _span(months[-1])[1]
    with visit.read() as conn:
        measure = _measure(conn, visit)
        told = counted.messages(conn, since=since, until=until)
        asked = counted.requests(conn, since=since, until=until)
        named = contacts.agencies(conn)
        seen = sorted({agency for _, agency in told.keys() | asked.keys()})
        lines = [_line(visit, named[each], months, told, asked, measure=measure) for each in seen]
        lines.sort(key=lambda line: -line.messages)
        return rendering.page(
            visit,
            "today/burden",
            months=[(month, month == months[-1]) for month in months],
            lines=lines,
            rows=[(line.name, line.cells) for line in lines],
            measure=measure,
            offers=plan_names(),
        )


@router.get("/burden/foreseen")
def forecast(visit: Seen, plan: str = "") -> Response:
    """Show what the edition of the catalogue would cost in mail from today, if nobody answers."""
    if plan not in plan_names():
        raise NotFoundError("plan-unknown", plan=plan, known=", ".join(plan_names()))
    chosen = load_plan(plan)
    with visit.read() as conn:
        held = next((in_force(conn, e.plan).plan for e in visit.plans if e.plan == plan), None)
    amended = held if held and held.edition < chosen.edition else None
    costs = foreseen.of_plan(chosen, amended, since=visit.on if held else None)
    return rendering.page(
        visit,
        "today/burden-foreseen",
        chosen=chosen,
        amended=amended,
        lines=foreseen.forecasts(costs, chosen.burden),
        named={a.id: a.name for plan in (held, chosen) if plan for a in plan.agencies},
    )


@router.get("/burden/{agency}/{month}")
def detail(visit: Seen, agency: str, month: str) -> Response:
    """List the messages an agency got in a month, and the duties that opened for it."""
    if not MONTH.fullmatch(month):
        raise HTTPException(422)
    since, until = _span(month)
    with visit.read() as conn:
        named = contacts.agencies(conn)
        if agency not in named:
            raise NotFoundError("agency-unknown", agency=agency)
        opened = conditions.performed_by([agency]) & conditions.opened_between(since, until)
        return rendering.page(
            visit,
            "today/burden-month",
            agency=named[agency],
            month=since,
            letters=counted.letters(conn, agency, since=since, until=until),
            asked=duties.chosen(conn, opened, order=["opened_on"]),
            measure=_measure(conn, visit),
        )


def _measure(conn: Connection, visit: Visit) -> int:
    return in_force(conn, visit.plan).plan.burden


def _line(
    visit: Visit,
    agency: Agency,
    months: list[str],
    told: Counter[tuple[str, str]],
    asked: Counter[tuple[str, str]],
    *,
    measure: int,
) -> Line:
    numbers = [told[month, agency.id] for month in months]
    requests = [asked[month, agency.id] for month in months]
    cells = [
        _cell(visit, agency, month, counts, measure=measure)
        for month, *counts in zip(months, numbers, requests, strict=True)
    ]
    over = sum(number > measure for number in numbers)
    return Line(agency.name, cells, sum(numbers), sum(requests), over)


def _cell(visit: Visit, agency: Agency, month: str, counts: list[int], *, measure: int) -> Cell:
    messages, requests = counts
    if not messages and not requests:
        return None
    css = "late" if messages > measure else "soon" if messages >= NEAR * measure else "ok"
    label = visit.say("burden.cell", agency=agency.name, month=month, n=messages, asked=requests)
    path = f"/burden/{agency.id}/{month}"
    return css, "late" if css == "late" else "", messages, path, label


def _months(on: dt.date) -> list[str]:
    """Return the months shown, that of `on` last."""
    last = on.year * 12 + on.month - 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(last - MONTHS + 1, last + 1)]


def _span(month: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a month."""
    first = dt.date.fromisoformat(f"{month}-01")
    after = (first + dt.timedelta(days=31)).replace(day=1)
    return first, after - A_DAY
