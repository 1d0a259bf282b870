"""`/`: how the plan stands and what waits for the office, in one look."""

from __future__ import annotations

import datetime as dt
import functools
from itertools import accumulate
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Connection

from catalog.quota import expected
from catalog.roles import ENDED
from catalog.standing import DUE_SOON, Standing, standing
from desk import access, shelf
from desk.dossier import countdown
from desk.menu import Entry
from desk.shelf import Asked
from desk.visit import SignedIn, Visit
from ledger import contacts, duties
from ledger.duties import DUTIES, Held

# The five counts: the view of the ledger each opens, its class and its icon.
TILES = (
    ("overdue", "late", "late"),
    ("review", "wait", "wait"),
    ("due", "soon", "soon"),
    ("unsigned", "todo", "todo"),
    ("asked", "act", "cal"),
)
FIRST = 6
# The page on which the office decides what stands in a view; of the others the duty's own.
WAYS = {"review": "/review", "asked": "/extensions"}
STEPS = (5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000)
RULES = 5  # lines across the chart, at most
MONTHS = (-5, 7)  # of the table of lights, from this one
WORST = ("red", "amber", "green", "none")
CELLS = {"red": ("late", "late"), "amber": ("soon", "soon"), "green": ("ok", "ok")}


class Line(NamedTuple):
    """Duties to be closed and closed by the end of each month, added up; None ahead of today."""

    month: dt.date
    planned: int
    actual: int | None


class Quota(NamedTuple):
    """A quota of one or more agencies: done of what is wanted, and where it should be today, 0..1.

    `worst` is the duty among them whose light is shown.
    """

    worst: Held
    agencies: int
    done: int
    least: int
    share: float
    tick: float


router = APIRouter()
MENU = Entry("/", "cockpit.menu", "see-cockpit", 1)


@router.get("/")
def cockpit(visit: SignedIn) -> Response:
    """Show the office its day; whoever else comes here is sent to where its own day begins."""
    if not visit.may("see-cockpit"):
        return visit.go(visit.home)
    with visit.read() as conn:
        held = access.duties_of(conn, visit.actor, order=[DUTIES.c.due_on])
        stands = {duty.key: standing(duties.facts(duty), visit.on) for duty in held}
        agencies, shown = contacts.agencies(conn), lines(held, visit.on)
        tiles = [(*tile, shelf.count(conn, visit, Asked(view=tile[0]))) for tile in TILES]
        return visit.page(
            "cockpit",
            tiles=tiles,
            waits=shelf.count(conn, visit, Asked(view="waits")),
            first=first(conn, visit),
            ways=WAYS,
            when=functools.partial(countdown, visit),
            agencies=agencies,
            total=len(held),
            closed=sum(stands[duty.key].status in ENDED for duty in held),
            planned=sum(duty.due_on <= visit.on for duty in held),
            lines=shown,
            step=step(shown[-1].planned if shown else 0),
            months=months(visit.on),
            lights=lights(held, stands, visit.on),
            quotas=quotas(held, visit.on),
            coming=[d for d in held if _coming(d, stands[d.key], visit.on)],
        )


def first(conn: Connection, visit: Visit) -> list[tuple[Held, str]]:
    """Return what is to be done first, and in which view it stands: of each in turn, by due date.

    Each duty once.
    """
    found: dict[str, tuple[Held, str]] = {}
    for view, _, _ in TILES:
        where = shelf.where(conn, visit, Asked(view=view))
        for duty in access.duties_of(
            conn, visit.actor, *where, order=[DUTIES.c.due_on], limit=FIRST
        ):
            found.setdefault(duty.key, (duty, view))
    return list(found.values())[:FIRST]


def months(on: dt.date) -> list[dt.date]:
    """Return the first days of the months of the table of lights."""
    count = on.year * 12 + on.month - 1
    return [dt.date((count + n) // 12, (count + n) % 12 + 1, 1) for n in range(*MONTHS)]


def lights(
    held: list[Held], stands: dict[str, Standing], on: dt.date
) -> dict[str, dict[dt.date, tuple[str, str, int]]]:
    """Return class, icon and number of what each agency does or leads that is due in each month."""
    grouped: dict[str, dict[dt.date, list[Standing]]] = {}
    shown = set(months(on))
    for duty in held:
        month = duty.due_on.replace(day=1)
        if month in shown:
            for agency in {duty.lead, duty.performer}:
                grouped.setdefault(agency, {}).setdefault(month, []).append(stands[duty.key])
    return {
        agency: {month: cell(found) for month, found in row.items()}
        for agency, row in sorted(grouped.items(), key=lambda item: _burden(item[1]))
    }


def cell(found: list[Standing]) -> tuple[str, str, int]:
    """Return how a cell of the table is shown: the worst light, all closed, or nothing begun."""
    if all(now.status in ENDED for now in found):
        return "done", "done", len(found)
    if all(now.status == "not-open" for now in found):
        return "fut", "", len(found)
    live = [now.light for now in found if now.status not in ENDED]
    return *CELLS.get(min(live, key=WORST.index), ("todo", "todo")), len(found)


def lines(held: list[Held], on: dt.date) -> list[Line]:
    """Return plan and actual month by month from the first due date to the last."""
    if not held:
        return []
    ends = [d.filed_on or d.closed_on for d in held if d.closed_on and d.closed_on <= on]
    days = [d.due_on for d in held] + [end for end in ends if end]
    span = _months(min(days), max(days))
    planned = accumulate(sum(d.due_on.replace(day=1) == m for d in held) for m in span)
    actual = accumulate(sum(e is not None and e.replace(day=1) == m for e in ends) for m in span)
    return [
        Line(m, p, a if m <= on else None) for m, p, a in zip(span, planned, actual, strict=True)
    ]


def quotas(held: list[Held], on: dt.date) -> list[Quota]:
    """Return the running quotas, of all who perform the same together, furthest behind first."""
    same: dict[tuple[str, str], list[Held]] = {}
    for duty in held:
        if duty.quota_min and _runs(duty, on):
            same.setdefault((duty.obligation, duty.period), []).append(duty)
    made = [_quota(of, on) for of in same.values()]
    return sorted(made, key=lambda quota: quota.share - quota.tick)


def step(top: int) -> int:
    """Return how far apart the lines across a chart lie whose highest value is `top`."""
    return next((each for each in STEPS if each * RULES >= top), top)


def _quota(of: list[Held], on: dt.date) -> Quota:
    least = sum(duty.quota_min or 0 for duty in of)
    pace = sum(expected(d.quota_min or 0, d.opens_on, d.due_on, today=on) for d in of)
    worst = min(of, key=lambda duty: WORST.index(standing(duties.facts(duty), on).light))
    done = sum(duty.delivered for duty in of)
    return Quota(worst, len(of), done, least, done / least, pace / least)


def _months(first: dt.date, last: dt.date) -> list[dt.date]:
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month
    return [dt.date(n // 12, n % 12 + 1, 1) for n in range(begin, end)]


def _runs(duty: Held, on: dt.date) -> bool:
    return duty.opens_on <= on <= duty.due_on and not duty.closed_on and not duty.waived_on


def _coming(duty: Held, now: Standing, on: dt.date) -> bool:
    return now.status not in ENDED and on <= duty.due_on <= on + DUE_SOON


def _burden(row: dict[dt.date, list[Standing]]) -> tuple[int, int]:
    flat = [now for found in row.values() for now in found]
    return -sum(now.light == "red" for now in flat), -len(flat)
