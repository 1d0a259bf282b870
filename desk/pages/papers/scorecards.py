"""`/scorecards`: scorecards (考核) of the agencies, their announcement and objections."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from fastapi.responses import Response

from catalog.errors import DubanError, NotFoundError
from desk.papers import scorecard, word_gbt9704
from desk.papers.blocks import anchor_line
from desk.papers.scorecard import ScorecardPaper
from desk.web import forms, rendering
from desk.web.addresses import OfYear, Year, redirect
from desk.web.visit import Visit, entering
from ledger.reports import scorecards
from tasks.in_force import in_force
from tasks.reports import scorecard as scorecard_deeds
from tasks.reports.scorecard import upheld

OUTCOMES: dict[str, scorecard_deeds.Outcome] = {"upheld": "upheld", "refused": "refused"}


router = APIRouter()
Reader = Annotated[Visit, Depends(entering("see-scorecards"))]
Office = Annotated[Visit, Depends(entering("score"))]
Agency = Annotated[Visit, Depends(entering("object-to-card"))]


@router.get("/scorecards")
def index(visit: Reader, year: OfYear = None) -> Response:
    """Show the scores of a year, by default this one; an agency sees its own."""
    return _list(visit, year or visit.on.year, forms.Form())


@router.post("/scorecards/{year}/announce")
def announce(visit: Office, year: Year) -> Response:
    """Freeze the scorecards of a finished year, and send each agency its own."""
    try:
        scorecard_deeds.announce(visit.ledger, visit.plan, year, visit.act)
    except DubanError as error:
        return _list(visit, year, forms.refusal(error, visit.lang, {}), status=422)
    return _go(visit, "", year, "announced")


@router.get("/scorecards/{year}/word")
def all_in_word(visit: Office, year: Year) -> Response:
    """Give the cards of a year as one Word file."""
    papers = _papers(visit, year)
    if not papers:
        raise NotFoundError("card-unknown", agency="", year=year)
    return _file(visit, list(papers.values()), f"{visit.plan}-scorecards-{year}")


@router.get("/scorecards/{year}/{agency}")
def show(visit: Reader, year: Year, agency: str) -> Response:
    """Show an agency's card."""
    return _page(visit, _visible_paper(visit, year, agency), forms.Form())


@router.get("/scorecards/{year}/{agency}/word")
def in_word(visit: Reader, year: Year, agency: str) -> Response:
    """Give an agency's card as a Word file."""
    return _file(
        visit, [_visible_paper(visit, year, agency)], f"{visit.plan}-scorecard-{year}-{agency}"
    )


@router.post("/scorecards/{year}/{agency}/object")
def object_to(
    visit: Agency,
    year: Year,
    agency: str,
    *,
    duty: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """Object to the points of a duty on the agency's own scorecard."""
    paper = _visible_paper(visit, year, agency)
    try:
        scorecard_deeds.object_to(
            visit.ledger, visit.plan, year, agency, visit.act, duty=duty, text=text
        )
    except DubanError as error:
        form = forms.refusal(error, visit.lang, FIELDS, duty=duty, text=text)
        return _page(visit, paper, form, status=422)
    return _go(visit, f"/{agency}", year, "objected")


@router.post("/scorecards/{year}/{agency}/decide")
def decide(
    visit: Office,
    year: Year,
    agency: str,
    *,
    number: Annotated[int, Form()] = 0,
    outcome: Annotated[str, Form()] = "",
    text: Annotated[str, Form()] = "",
) -> Response:
    """Decide an objection: uphold or refuse it."""
    paper = _visible_paper(visit, year, agency)
    card = scorecards.card_id(visit.plan, year, agency)
    verdict = OUTCOMES.get(outcome, "refused")
    try:
        scorecard_deeds.decide(visit.ledger, card, number, visit.act, outcome=verdict, answer=text)
    except DubanError as error:
        return _page(visit, paper, forms.refusal(error, visit.lang, FIELDS, text=text), status=422)
    return _go(visit, f"/{agency}", year, "decided")


FIELDS = {"rule-needs-text": "text", "objection-of-what": "duty", "objection-twice": "duty"}


def _papers(visit: Visit, year: int) -> dict[str, ScorecardPaper]:
    """Return the cards of `year` that the visitor may see."""
    papers = scorecard.scorecard_papers(
        visit.ledger, visit.plan, year, on=visit.on, clock=visit.desk.clock
    )
    if visit.actor.kind != "agency":
        return papers
    return {agency: one for agency, one in papers.items() if agency in visit.actor.agencies}


def _visible_paper(visit: Visit, year: int, agency: str) -> ScorecardPaper:
    papers = _papers(visit, year)
    if agency not in papers:
        raise NotFoundError("card-unknown", agency=agency, year=year)
    return papers[agency]


def _list(visit: Visit, year: int, form: forms.Form, status: int = 200) -> Response:
    papers = _papers(visit, year)
    first = next(iter(papers.values()), None)
    with visit.read() as conn:
        count = scorecard.open_objections(conn, visit)
        plan = in_force(conn, visit.plan).plan
    return rendering.page(
        visit,
        "papers/scorecards",
        status,
        form=form,
        year=year,
        years=range(plan.starts_on.year, plan.closes_on.year + 1),
        first=first,
        ranking=scorecard.ranking(papers, visit.lang),
        bars_=scorecard.bars(papers),
        waiting=_waiting(papers),
        undecided=count,
    )


def _waiting(papers: dict[str, ScorecardPaper]) -> list[ScorecardPaper]:
    """Return the scorecards with an undecided objection."""
    return [one for one in papers.values() if any(o.outcome is None for o in one.objections)]


def _page(visit: Visit, paper: ScorecardPaper, form: forms.Form, status: int = 200) -> Response:
    card = paper.card
    titles = {line.key: line.title for line in card.lines}
    raised = {objection.duty for objection in paper.objections}
    return rendering.page(
        visit,
        "papers/scorecard",
        status,
        form=form,
        document=paper,
        titles=titles,
        tables=scorecard.tables(paper, visit.lang),
        anchor=anchor_line(card.on, card.entries, card.head, visit.lang),
        without=upheld(paper.objections),
        open_to=[x for x in scorecard.losses(card) if x.key not in raised],
        hears=paper.announcement is not None and visit.on <= paper.announcement.objections_until,
        owns=card.agency in visit.actor.agencies,
    )


def _file(visit: Visit, papers: list[ScorecardPaper], name: str) -> Response:
    lang = visit.desk.settings.lang
    content = scorecard.word(papers, lang, demo=visit.is_demo)
    headers = {"content-disposition": f'attachment; filename="{name}.docx"'}
    return Response(content, media_type=word_gbt9704.MEDIA_TYPE, headers=headers)


def _go(visit: Visit, path: str, year: int, message: str) -> Response:
    base = f"/scorecards/{year}{path}" if path else "/scorecards"
    more = {} if path else {"year": str(year)}
    return redirect(base, message=f"scorecards.said.{message}", plan=visit.plan, **more)
