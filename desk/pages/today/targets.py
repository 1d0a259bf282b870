"""`/targets`: the figures the plan promises, with their readings and verdicts."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, get_args

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.plans.trajectory import Verdict
from catalog.reports.evaluation import Course
from desk.lists import chart_lines
from desk.web import rendering
from desk.web.menu import Entry
from desk.web.visit import Visit, entering
from ledger.plans import editions
from ledger.post import contacts
from tasks.reports.evaluation import course
from tasks.reports.targets import TargetReport, target_reports

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

router = APIRouter()
MENU = Entry("/targets", "targets.menu", "see-own-targets", 23)  # others go there from the plan


@router.get("/targets")
def targets(
    visit: Annotated[Visit, Depends(entering("see-targets"))], verdict: str = ""
) -> Response:
    """Show the targets of the plan, all or those of one verdict; an agency sees its own.

    These are the targets it leads, and of others the figures it reports as a party.
    """
    me = visit.actor
    with visit.read() as conn:
        every = target_reports(conn, visit.plan)
        seen = every if me.kind != "agency" else [t.of(me.agencies) for t in every]
        visible = [target for target in seen if target]
        agencies = {a.id: a.name for a in contacts.agencies(conn).values()}
        starts_on = editions.in_force(conn, visit.plan).starts_on
        return rendering.page(
            visit,
            "today/targets",
            targets=[t for t in visible if verdict not in VERDICTS or t.place.verdict == verdict],
            verdict=verdict,
            counts={v: sum(t.place.verdict == v for t in visible) for v in VERDICTS},
            every=len(visible),
            agencies=agencies,
            own_agencies=me.agencies,
            names_of=lambda ids: visit.say("notice.comma").join(agencies[each] for each in ids),
            courses={t.id: _chart(t, agencies[t.lead], starts_on) for t in visible},
            path=chart_lines.path,
            size=(chart_lines.WIDTH, chart_lines.HEIGHT),
        )


def _chart(
    target: TargetReport, lead: str, starts_on: dt.date
) -> tuple[Course, chart_lines.CourseLines]:
    """Return the course of a target, and the lines of its chart."""
    figures = course(target, lead, starts_on=starts_on, year=target.target.by.year)
    return figures, chart_lines.course(figures, first=starts_on.year)
