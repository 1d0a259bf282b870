"""Scorecards (考核) as papers: sums by role, duties that lost points, formula and ranking."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, NamedTuple

from catalog import wording
from catalog.duties.adhoc import measure_word
from catalog.reports.scorecard import CardFigures, Result, result
from desk.papers.blocks import Line, Table, anchor_line
from desk.papers.word_gbt9704 import Bar, Paper
from ledger.reports import scorecards
from tasks.known_on import known_on
from tasks.reports.scorecard import upheld
from tasks.reports.scorecard_figures import count_cards

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from catalog.reports.scorecard import CardLine
    from desk.web.visit import Visit
    from ledger.reports.scorecards import Card, Objection
    from ledger.session import Connection, Ledger


class ScorecardPaper(NamedTuple):
    """A card with its figures, its announcement if there was one, and its objections."""

    card: CardFigures
    announcement: Card | None = None
    objections: Sequence[Objection] = ()

    @property
    def result(self) -> Result:
        """The sums, without the duties of upheld objections."""
        return result(self.card, without=upheld(self.objections))


def scorecard_papers(
    ledger: Ledger, plan: str, year: int, *, on: dt.date, clock: Callable[[], dt.datetime]
) -> dict[str, ScorecardPaper]:
    """Return the cards of `year` by agency: the announced ones with their objections.

    Cards of a year without an announcement are counted as known at the end of day `on`.
    """
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        return {}
    with ledger.read() as conn:
        announced = scorecards.of_year(conn, plan, year)
        if announced:
            return {
                agency: ScorecardPaper(card.figures, card, scorecards.objections(conn, card.id))
                for agency, card in announced.items()
            }
    with known_on(ledger, on, clock) as conn:
        return {a: ScorecardPaper(card) for a, card in count_cards(conn, plan, year, on=on).items()}


def open_objections(conn: Connection, visit: Visit) -> int:
    """Return how many objections wait for the office."""
    if not visit.may("score") or not visit.plans:
        return 0
    return sum(len(scorecards.waiting(conn, edition.plan)) for edition in visit.plans)


def tables(document: ScorecardPaper, lang: str) -> list[Table]:
    """Return the sums by role, the duties that lost points, and the others."""
    say = functools.partial(wording.say, lang)
    lost_lines = losses(document.card)
    others = [line for line in document.card.lines if line not in lost_lines]
    every = [
        _sums(document.result, lang),
        _duties("lost", say("scorecards.table-lost"), lost_lines, lang),
        _duties("others", say("scorecards.table-others"), others, lang),
    ]
    return [table for table in every if table.lines]


def ranking(papers: Mapping[str, ScorecardPaper], lang: str) -> Table:
    """Return the agencies by score, the highest first; a line's key is its agency."""
    columns = ("agency", "score", "performer", "lead", "participant", "late", "undone")
    lines = []
    for document in by_score(papers):
        sums = document.result
        means = ("—" if part.points is None else part.points for part in sums.parts)
        late, undone = sum(p.late for p in sums.parts), sum(p.undone for p in sums.parts)
        score = "—" if sums.score is None else sums.score
        lines.append(Line(document.card.agency, (document.card.name, score, *means, late, undone)))
    head = tuple(wording.say(lang, f"scorecards.column.{name}") for name in columns)
    caption = wording.say(lang, "scorecards.table-ranking")
    return Table("ranking", caption, head, lines, (54, 18, 18, 18, 18, 15, 15))


def bars(papers: Mapping[str, ScorecardPaper]) -> list[Bar]:
    """Return the scores as bars, the highest first."""
    scores = [(document, document.result.score) for document in by_score(papers)]
    return [
        Bar(document.card.name, float(score / document.card.formula.on_time), str(score))
        for document, score in scores
        if score is not None
    ]


def word(documents: Sequence[ScorecardPaper], lang: str, *, demo: bool) -> bytes:
    """Return cards of one year as a Word file: the ranking where there are several, then each."""
    say = functools.partial(wording.say, lang)
    first = documents[0].card
    title = say("scorecards.title-year", year=first.year)
    paper = Paper(title, author=first.office, on=first.on)
    paper.head(first.title, say("scorecards.paper-head"))
    paper.number(_state(documents[0], lang), wording.spell(lang, first.on))
    paper.title(title if len(documents) > 1 else f"{first.name} {title}")
    paper.text(first.formula_in_words(lang))
    if len(documents) > 1:
        every = {document.card.agency: document for document in documents}
        _put(paper, ranking(every, lang))
        paper.bars(say("scorecards.chart"), bars(every))
    for document in documents:
        if len(documents) > 1:
            paper.heading(document.card.name)
        for table in tables(document, lang):
            if table.name != "others" or len(documents) == 1:
                _put(paper, table)
    paper.signature(first.office, wording.spell(lang, first.on))
    paper.note(anchor_line(first.on, first.entries, first.head, lang))
    if demo:
        paper.note(say("base.demo"))
    return paper.content()


def _put(paper: Paper, table: Table) -> None:
    paper.table(table.caption, table.head, [line.cells for line in table.lines], table.widths)


def _state(document: ScorecardPaper, lang: str) -> str:
    if document.announcement is None:
        return wording.say(lang, "scorecards.unannounced")
    on = wording.spell(lang, document.announcement.announced_on)
    return wording.say(lang, "scorecards.announced", on=on)


def by_score(papers: Mapping[str, ScorecardPaper]) -> list[ScorecardPaper]:
    """Return the cards by score, the highest first; those without a score last."""
    return sorted(papers.values(), key=lambda s: (-(s.result.score or -1), s.card.agency))


def losses(card: CardFigures) -> list[CardLine]:
    """Return the duties that lost points; an agency may object to these."""
    full = card.formula.on_time
    return [line for line in card.lines if line.points is not None and line.points < full]


def _sums(sums: Result, lang: str) -> Table:
    columns = (
        "role",
        "weight",
        "due",
        "on-time",
        "late",
        "undone",
        "uncounted",
        "extended",
        "points",
    )
    lines = [
        Line(
            "",
            (
                wording.say(lang, f"scorecards.role.{part.role}"),
                *part[1:8],
                "—" if part.points is None else part.points,
            ),
        )
        for part in sums.parts
        if part.due
    ]
    head = tuple(wording.say(lang, f"scorecards.column.{name}") for name in columns)
    caption = wording.say(lang, "scorecards.table-sums", score=sums.score or "—")
    return Table("sums", caption, head, lines, (26, 15, 15, 17, 17, 17, 17, 15, 17))


def _duties(name: str, caption: str, duties: Sequence[CardLine], lang: str) -> Table:
    columns = ("measure", "title", "role", "due-on", "outcome", "days", "points")
    say = functools.partial(wording.say, lang)
    lines = [
        Line(
            line.key,
            (
                measure_word(lang, line.measure),
                line.title if line.role == "performer" else f"{line.title}（{line.performer}）",
                say(f"scorecards.role.{line.role}"),
                wording.spell(lang, line.due_on),
                say(f"scorecards.outcome.{line.outcome}"),
                line.days or "—",
                "—" if line.points is None else line.points,
            ),
        )
        for line in duties
    ]
    head = tuple(say(f"scorecards.column.{column}") for column in columns)
    return Table(name, caption, head, lines, (11, 47, 16, 34, 24, 12, 12), duty_column=1)
