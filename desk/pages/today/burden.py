"""`/burden`: messages and requests to each agency a month, beside the plan's own limit."""

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
from ledger.people import agencies
from ledger.post import contacts
from ledger.reports import burden as ledger_burden
from tasks.in_force import in_force
from tasks.plans import forecast as mail_forecast

if TYPE_CHECKING:
    from collections import Counter

    from ledger.post.contacts import Agency
    from ledger.session import Connection

MONTHS = 12
NEAR = 0.8  # of the limit, from which on a month is marked

router = APIRouter()
Seen = Annotated[Visit, Depends(entering("see-burden"))]

# A cell of the macro `heat`: class, icon, number, address, label.
Cell = tuple[str, str, int, str, str] | None


class Line(NamedTuple):
    """One agency: a cell a month, and the sums over the months."""

    name: str
    cells: list[Cell]
    messages: int
    requests: int
    over: int


@router.get("/burden")
def burden(visit: Seen) -> Response:
    """Show the last twelve months, the agencies with most messages first."""
    months = _months(visit.on)
    since, until = _span(months[0])[0], _span(months[-1])[1]
    with visit.read() as conn:
        measure = _limit(conn, visit)
        messages = ledger_burden.messages(conn, since=since, until=until)
        requests = ledger_burden.requests(conn, since=since, until=until)
        registered = contacts.agencies(conn)
        busy = sorted({agency for _, agency in messages.keys() | requests.keys()})
        lines = [
            _line(visit, registered[each], months, messages, requests, measure=measure)
            for each in busy
        ]
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
    """Show the mail that the catalogue's edition would cost from today, if nobody answers."""
    if plan not in plan_names():
        raise NotFoundError("plan-unknown", plan=plan, known=", ".join(plan_names()))
    draft = load_plan(plan)
    with visit.read() as conn:
        current = next((in_force(conn, e.plan).plan for e in visit.plans if e.plan == plan), None)
    amended = current if current and current.edition < draft.edition else None
    costs = mail_forecast.of_plan(draft, amended, since=visit.on)
    return rendering.page(
        visit,
        "today/burden-foreseen",
        draft=draft,
        amended=amended,
        lines=mail_forecast.forecasts(costs, draft.burden),
        agencies={a.id: a.name for plan in (current, draft) if plan for a in plan.agencies},
    )


@router.get("/burden/{agency}/{month}")
def detail(visit: Seen, agency: str, month: str) -> Response:
    """List the messages to an agency in a month, and the duties that opened for it."""
    if not MONTH.fullmatch(month):
        raise HTTPException(422)
    since, until = _span(month)
    with visit.read() as conn:
        registered = agencies.agencies_on(conn, min(until, visit.on))
        if agency not in registered:
            raise NotFoundError("agency-unknown", agency=agency)
        opened = conditions.performed_by([agency]) & conditions.opened_between(since, until)
        return rendering.page(
            visit,
            "today/burden-month",
            agency=registered[agency],
            month=since,
            letters=ledger_burden.letters(conn, agency, since=since, until=until),
            opened=duties.chosen(conn, opened, order=["opened_on"]),
            measure=_limit(conn, visit),
        )


def _limit(conn: Connection, visit: Visit) -> int:
    return in_force(conn, visit.plan).plan.burden


def _line(
    visit: Visit,
    agency: Agency,
    months: list[str],
    messages: Counter[tuple[str, str]],
    asks: Counter[tuple[str, str]],
    *,
    measure: int,
) -> Line:
    numbers = [messages[month, agency.id] for month in months]
    requests = [asks[month, agency.id] for month in months]
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
    """Return the last twelve months, that of `on` last."""
    last = on.year * 12 + on.month - 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(last - MONTHS + 1, last + 1)]


def _span(month: str) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of a month."""
    first = dt.date.fromisoformat(f"{month}-01")
    after = (first + dt.timedelta(days=31)).replace(day=1)
    return first, after - A_DAY
