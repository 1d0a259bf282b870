"""`duban report`: the papers of an office, on the terminal and in Word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import App, Parameter

from catalog.dates.spans import span, span_of
from catalog.errors import NotFoundError, UsageRefusedError
from catalog.wording import say
from desk.commands.duties import agency_id
from desk.commands.options import Day, Json, Year, open_ledger, plans_in_scope
from desk.commands.output import put_json, put_line, put_table, replacing
from desk.papers import evaluation as evaluations
from desk.papers import scorecard
from desk.papers.blocks import anchor_line
from desk.papers.circular import CircularPaper, circular_paper, word
from ledger.post import contacts
from ledger.reports import circulars
from tasks import today
from tasks.act import Act
from tasks.clock import now_utc
from tasks.reports.circular import preview

if TYPE_CHECKING:
    from catalog.dates.spans import Span
    from desk.papers.scorecard import ScorecardPaper
    from ledger.session import Ledger

app = App(name="report", help="Papers of the office, filled from the ledger.")

Out = Annotated[
    Path | None, Parameter(name="--out", help="Write a Word file; an existing file is replaced.")
]


@app.command
def circular(
    *,
    month: str | None = None,
    quarter: str | None = None,
    year: Year | None = None,
    plan: str | None = None,
    on: Day | None = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Print the circular (通報) of a MONTH (2014-12) or QUARTER (2014-Q4), else of this month.

    That of a YEAR tells the results of the evaluation of the localities. A draft or released
    circular is printed as stored. Otherwise, and always with --on, it is counted as known on its
    last day, or on that day, and nothing is stored.
    """
    with open_ledger() as ledger:
        code = plans_in_scope(ledger, plan)[0]
        now = today.now(ledger, code, now_utc)
        period = _span(month, quarter, year, now)
        paper = _paper(ledger, code, period, Act("", *now), on=on)
        if out is not None:
            content = word(paper, demo=today.demo_day(ledger) is not None)
            with replacing(out) as file:
                file.write(content)
    if as_json:
        put_json(circular_document(paper))
    elif out is not None:
        put_line(f"{out}: {paper.title}")
    else:
        _put(paper)


@app.command(name="scorecard")
def score(
    *,
    year: Year | None = None,
    agency: str | None = None,
    plan: str | None = None,
    on: Day | None = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Print the scorecards (考核) of a YEAR, by default this one, of all agencies or of AGENCY.

    Announced cards are printed as stored, with their objections. Otherwise they are counted as
    known today, or ON a day.
    """
    with open_ledger() as ledger:
        code = plans_in_scope(ledger, plan)[0]
        now = today.now(ledger, code, now_utc)
        of = year or now.on.year
        papers = scorecard.scorecard_papers(ledger, code, of, on=on or now.on, clock=now_utc)
        if agency is not None:
            with ledger.read() as conn:
                key = agency_id(conn, contacts.agencies(conn), agency)
            papers = {key: papers[key]} if key in papers else {}
        if not papers:
            raise NotFoundError("card-unknown", agency=agency or "", year=of)
        lang = ledger.settings.lang
        if out is not None:
            content = scorecard.word(
                list(papers.values()), lang, demo=today.demo_day(ledger) is not None
            )
            with replacing(out) as file:
                file.write(content)
    if as_json:
        put_json([card_document(paper) for paper in papers.values()])
    elif out is not None:
        put_line(f"{out}: {len(papers)}")
    else:
        table = scorecard.ranking(papers, lang)
        put_table(table.caption, table.head, [line.cells for line in table.lines])
        put_line(next(iter(papers.values())).card.formula_in_words(lang))


@app.command
def evaluation(
    *,
    year: Year | None = None,
    plan: str | None = None,
    on: Day | None = None,
    out: Out = None,
    as_json: Json = False,
) -> None:
    """Print the evaluation of the localities for a YEAR, by default this one, as known ON a day.

    The Word file is a draft with tables and charts, for an officer to finish.
    """
    with open_ledger() as ledger:
        code = plans_in_scope(ledger, plan)[0]
        now = today.now(ledger, code, now_utc)
        of = year or now.on.year
        paper = evaluations.evaluation_paper(ledger, code, of, on=on or now.on, clock=now_utc)
        if out is not None:
            content = evaluations.word(paper, demo=today.demo_day(ledger) is not None)
            with replacing(out) as file:
                file.write(content)
    figures = paper.figures
    if as_json:
        words = dict(paper.sections)
        put_json({"title": paper.title, "words": words, "data": figures.model_dump(mode="json")})
    elif out is not None:
        put_line(f"{out}: {paper.title}")
    else:
        put_line(paper.title)
        for name, text in paper.sections:
            put_line(say(paper.language, f"evaluation.section.{name}"))
            put_line(text)
        put_line(anchor_line(figures.on, figures.entries, figures.head, paper.language))


def card_document(paper: ScorecardPaper) -> dict[str, object]:
    """Return a card as JSON: its score, sums and frozen data; computed figures are strings."""
    sums = paper.result
    return {
        "agency": paper.card.agency,
        "score": sums.score,
        "announced_on": paper.announcement and paper.announcement.announced_on,
        "parts": [part._asdict() for part in sums.parts],
        "objections": [objection.model_dump() for objection in paper.objections],
        "data": paper.card.model_dump(mode="json"),
    }


def circular_document(paper: CircularPaper) -> dict[str, object]:
    """Return a circular as JSON: its number and words, and its frozen data."""
    return {
        "number": paper.number or None,
        "released_on": paper.released_on,
        "language": paper.language,
        "title": paper.title,
        "words": dict(paper.sections),
        "data": paper.figures.model_dump(mode="json"),
    }


def _span(month: str | None, quarter: str | None, year: int | None, now: today.Now) -> Span:
    if len([each for each in (month, quarter, year) if each]) > 1:
        raise UsageRefusedError("one-of", options="--month, --quarter, --year")
    if year:
        return span(f"{year:04}")
    period = span(month or quarter or span_of(now.on).label)
    if period.is_year or (quarter is not None) != period.is_quarter:
        raise UsageRefusedError("span-unreadable", typed=month or quarter)
    return period


def _paper(ledger: Ledger, plan: str, period: Span, act: Act, *, on: Day | None) -> CircularPaper:
    with ledger.read() as conn:
        stored = None if on else circulars.find(conn, plan, period.label)
    if stored is not None:
        return circular_paper(stored)
    figures, words = preview(ledger, plan, period, act, on=on)
    return CircularPaper(figures, words, ledger.settings.lang)


def _put(paper: CircularPaper) -> None:
    put_line(f"{paper.title}  {paper.number}".rstrip())
    for name, text in paper.sections:
        put_line(say(paper.language, f"{paper.room}.section.{name}"))
        put_line(text)
    figures = paper.figures
    put_line(anchor_line(figures.on, figures.entries, figures.head, paper.language))
