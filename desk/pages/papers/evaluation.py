"""`/evaluation`: the yearly evaluation of the localities, with charts and a draft in Word."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from catalog.errors import DubanError
from catalog.wording import say
from desk.access import visibility
from desk.lists import chart_lines
from desk.papers import evaluation, word_gbt9704
from desk.papers.blocks import anchor_line
from desk.papers.scorecard import open_objections
from desk.web import forms, rendering
from desk.web.addresses import DUTY, DutyKey, OfYear, Year, redirect
from desk.web.visit import SignedIn, Visit, entering
from tasks.in_force import in_force
from tasks.localities import rewards

BY_INDICATORS = ("indicators", "values", "missing")  # the tables beside the ranks

router = APIRouter()
Reader = Annotated[Visit, Depends(entering("see-evaluation"))]


@router.get("/evaluation")
def show(visit: Reader, year: OfYear = None) -> Response:
    """Show the evaluation of a year, by default this one, as of today."""
    return _page(visit, year or visit.on.year)


@router.post("/evaluation/{year}/rewards")
def reward(
    visit: Annotated[Visit, Depends(entering("reward"))],
    year: Year,
    agency: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
    document: Annotated[str, Form()] = "",
) -> Response:
    """Record a reward of a locality for its place in the evaluation."""
    try:
        rewards.reward(
            visit.ledger, visit.plan, year, agency, visit.act, text=text, document=document
        )
    except DubanError as error:
        typed = {"agency": agency, "text": text, "document": document}
        form = forms.refusal(error, visit.lang, {"locality-unknown": "agency"}, **typed)
        return _page(visit, year, form=form, status=422)
    said = "evaluation.said.rewarded"
    return redirect("/evaluation", message=said, year=str(year), plan=visit.plan)


@router.get(f"{DUTY}/evaluation")
def of_duty(visit: SignedIn, key: DutyKey) -> Response:
    """Show the evaluation to whoever answers for the yearly report on it; 404 to others."""
    return _page(visit, _reported_year(visit, key))


@router.get(f"{DUTY}/evaluation/word")
def of_duty_in_word(visit: SignedIn, key: DutyKey) -> Response:
    """Give the draft of the yearly report on the evaluation as a Word file."""
    return _word(visit, key.split("/")[0], _reported_year(visit, key))


def _reported_year(visit: Visit, key: str) -> int:
    with visit.read() as conn:
        duty = visibility.duty_of(conn, visit.actor, key)
        plan = in_force(conn, duty.plan).plan
    is_report = plan.tells_evaluation(duty.obligation) and duty.period.isdecimal()
    if not is_report or not visibility.answers_for(visit.actor, duty):
        raise HTTPException(404)
    return int(duty.period)


def _page(
    visit: Visit, year: int, *, form: forms.Form | None = None, status: int = 200
) -> Response:
    paper = evaluation.evaluation_paper(
        visit.ledger, visit.plan, year, on=visit.on, clock=visit.desk.clock
    )
    figures, edition = paper.figures, next(e for e in visit.plans if e.plan == visit.plan)
    with visit.read() as conn:
        count = open_objections(conn, visit)
    return rendering.page(
        visit,
        "papers/evaluation",
        status,
        document=paper,
        undecided=count,
        year=year,
        years=range(edition.starts_on.year, edition.ends_on.year + 1),
        tables=evaluation.tables(figures, visit.lang),
        by_indicators=BY_INDICATORS,
        bars_=evaluation.bars(figures),
        courses=[(c, chart_lines.course(c, first=edition.starts_on.year)) for c in figures.courses],
        path=chart_lines.path,
        size=(chart_lines.WIDTH, chart_lines.HEIGHT),
        anchor=anchor_line(figures.on, figures.entries, figures.head, visit.lang),
        paper=partial(say, paper.language),
        localities=[(place.agency, place.name) for place in figures.localities],
        form=form or forms.Form(),
    )


@router.get("/evaluation/{year}/word")
def in_word(visit: Reader, year: Year) -> Response:
    """Give the draft as a Word file, for an officer to finish."""
    return _word(visit, visit.plan, year)


def _word(visit: Visit, plan: str, year: int) -> Response:
    paper = evaluation.evaluation_paper(
        visit.ledger, plan, year, on=visit.on, clock=visit.desk.clock
    )
    content = evaluation.word(paper, demo=visit.is_demo)
    name = f'attachment; filename="{plan}-evaluation-{year}.docx"'
    return Response(
        content, media_type=word_gbt9704.MEDIA_TYPE, headers={"content-disposition": name}
    )
