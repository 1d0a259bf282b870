"""`/evaluation`: the yearly evaluation of the localities, its pictures and its draft in Word."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from catalog.wording import say
from desk.lists import chart_lines
from desk.papers import evaluation, gbt9704
from desk.papers.blocks import anchor_line
from desk.papers.evaluated import evaluated
from desk.papers.scored import undecided
from desk.web.visit import Visit, entering

router = APIRouter()
Reader = Annotated[Visit, Depends(entering("see-evaluation"))]


@router.get("/evaluation")
def show(visit: Reader, year: int = 0) -> Response:
    """Show the evaluation of a year, this one unless said, as it would be today."""
    of = year or visit.on.year
    shown = evaluated(visit.ledger, visit.plan, of, on=visit.on, clock=visit.desk.clock)
    told, edition = shown.told, next(e for e in visit.plans if e.plan == visit.plan)
    with visit.read() as conn:
        count = undecided(conn, visit)
    return visit.page(
        "papers/evaluation",
        shown=shown,
        undecided=count,
        year=of,
        years=range(edition.starts_on.year, edition.ends_on.year + 1),
        tables=evaluation.tables(told, visit.lang),
        bars_=evaluation.bars(told),
        courses=[(c, chart_lines.course(c, first=edition.starts_on.year)) for c in told.courses],
        path=chart_lines.path,
        size=(chart_lines.WIDTH, chart_lines.HEIGHT),
        anchor=anchor_line(told.on, told.entries, told.head, visit.lang),
        paper=partial(say, shown.language),
    )


@router.get("/evaluation/{year}/word")
def in_word(visit: Reader, year: int) -> Response:
    """Give the draft as a Word file, for an officer to finish."""
    shown = evaluated(visit.ledger, visit.plan, year, on=visit.on, clock=visit.desk.clock)
    made = evaluation.word(shown, demo=visit.is_demo)
    name = f'attachment; filename="{visit.plan}-evaluation-{year}.docx"'
    return Response(made, media_type=gbt9704.MEDIA_TYPE, headers={"content-disposition": name})
