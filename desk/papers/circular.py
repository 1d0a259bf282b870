"""Circular (通報) as a paper: sections, tables and charts, on a page and in Word."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from catalog import wording
from catalog.duties.adhoc import MEASURE
from catalog.reports.circular_words import sections_of, title
from catalog.reports.evaluation import Evaluation
from desk.papers import evaluation
from desk.papers.blocks import Line, Table, anchor_line
from desk.papers.word_gbt9704 import Bar, Paper

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from catalog.reports.circular import AgencyFigures, CircularFigures, DutyLine
    from ledger.reports.circulars import Circular


class CircularPaper(NamedTuple):
    """A circular with its figures, its words by section, and its number once released."""

    figures: CircularFigures | Evaluation
    words: Mapping[str, str]
    language: str
    number: str = ""
    released_on: dt.date | None = None

    @property
    def title(self) -> str:
        """The title in the circular's language."""
        return title(self.figures, self.language)

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The name and the words of each section, in order."""
        return [(name, self.words[name]) for name in sections_of(self.figures)]

    @property
    def room(self) -> str:
        """The texts of its headings: `circulars`, or `evaluation` for that of a year."""
        return "evaluation" if isinstance(self.figures, Evaluation) else "circulars"


def circular_paper(circular: Circular) -> CircularPaper:
    """Return the paper of a stored circular."""
    number, released_on = circular.number or "", circular.released_on
    return CircularPaper(
        circular.figures, circular.paragraphs, circular.language, number, released_on
    )


def tables(figures: CircularFigures | Evaluation, lang: str) -> list[Table]:
    """Return the tables that have lines, in the order of the sections."""
    if isinstance(figures, Evaluation):
        return evaluation.tables(figures, lang)
    say = functools.partial(wording.say, lang)
    day = functools.partial(wording.spell, lang)
    every = [
        _agencies(figures, say),
        _duties("overdue", figures.overdue, say, day, days=True),
        Table(
            "behind",
            say("circulars.table-behind"),
            _head(say, "title", "performer", "due", "delivered", "expected", "wanted"),
            [
                Line(
                    q.key, (q.title, q.performer, day(q.due_on), q.delivered, q.expected, q.wanted)
                )
                for q in figures.behind
            ],
            (50, 34, 34, 12, 13, 13),
        ),
        _targets(figures, lang, say),
        Table(
            "problems",
            say("circulars.table-problems"),
            _head(say, "title", "agency", "raised", "answered"),
            [
                Line(
                    p.key,
                    (
                        p.title,
                        p.agency,
                        day(p.raised_on),
                        day(p.answered_on) if p.answered_on else "—",
                    ),
                )
                for p in figures.problems
            ],
            (54, 34, 34, 34),
        ),
        _duties("coming", figures.coming, say, day),
    ]
    return [table for table in every if table.lines]


def bars(figures: CircularFigures | Evaluation) -> list[Bar]:
    """Return the share of its due duties that each agency did on time, the largest first.

    Of an evaluation, return the scores of the localities.
    """
    if isinstance(figures, Evaluation):
        return evaluation.bars(figures)
    busy = [agency for agency in figures.agencies if agency.due]
    return [
        Bar(agency.name, agency.on_time / agency.due, f"{agency.on_time}/{agency.due}")
        for agency in sorted(busy, key=_by_share)
    ]


def word(document: CircularPaper, *, demo: bool) -> bytes:
    """Return the circular as a Word file: the same bytes for the same figures and words."""
    figures, lang = document.figures, document.language
    say = functools.partial(wording.say, lang)
    on = document.released_on or figures.on
    paper = Paper(document.title, author=figures.office, on=on)
    paper.head(figures.title, say("circulars.paper-head"))
    paper.number(document.number or say("circulars.no-number"), wording.spell(lang, on))
    paper.title(document.title)
    for name, text in document.sections:
        paper.heading(say(f"{document.room}.section.{name}"))
        paper.text(text)
    paper.signature(figures.office, wording.spell(lang, on))
    if isinstance(figures, Evaluation):
        evaluation.annex(paper, figures, lang)
    else:
        _annex(paper, figures, lang)
    paper.note(anchor_line(figures.on, figures.entries, figures.head, lang))
    if demo:
        paper.note(say("base.demo"))
    return paper.content()


def _annex(paper: Paper, figures: CircularFigures, lang: str) -> None:
    say = functools.partial(wording.say, lang)
    paper.heading(say("circulars.annex"))
    for table in tables(figures, lang):
        paper.table(table.caption, table.head, [line.cells for line in table.lines], table.widths)
        if table.name == "agencies" and (chart := bars(figures)):
            paper.bars(say("circulars.chart-agencies"), chart)


def _head(say: Callable[..., str], *columns: str) -> tuple[str, ...]:
    return tuple(say(f"circulars.column.{column}") for column in columns)


def _agencies(figures: CircularFigures, say: Callable[..., str]) -> Table:
    columns = ("agency", "due", "on-time", "late", "overdue", "all-overdue", "longest")
    lines = [
        Line("", (a.name, a.due, a.on_time, a.late, a.overdue, a.all_overdue, a.longest))
        for a in figures.agencies
    ]
    widths = (60, 16, 16, 16, 16, 16, 16)
    return Table("agencies", say("circulars.table-agencies"), _head(say, *columns), lines, widths)


def _duties(
    name: str,
    duties: tuple[DutyLine, ...],
    say: Callable[..., str],
    day: Callable[..., str],
    *,
    days: bool = False,
) -> Table:
    columns = ("measure", "title", "performer", "due", *(("days",) if days else ()))
    lines = [
        Line(
            d.key,
            (
                say("adhoc.short") if d.measure == MEASURE else d.measure,
                d.title,
                d.performer,
                day(d.due_on),
                *((d.days,) if days else ()),
            ),
        )
        for d in duties
    ]
    widths = (12, 60, 34, 34, 16) if days else (12, 74, 36, 34)
    caption = say(f"circulars.table-{name}")
    return Table(name, caption, _head(say, *columns), lines, widths, duty_column=1)


def _targets(figures: CircularFigures, lang: str, say: Callable[..., str]) -> Table:
    columns = ("indicator", "goal", "year", "actual", "expected", "verdict")
    lines = [
        Line(
            "",
            (
                t.indicator,
                t.goal,
                t.year or "—",
                t.actual or "—",
                t.expected or "—",
                wording.say(lang, f"verdict.{t.verdict}"),
            ),
        )
        for t in figures.targets
    ]
    widths = (52, 26, 14, 21, 21, 22)
    return Table("targets", say("circulars.table-targets"), _head(say, *columns), lines, widths)


def _by_share(agency: AgencyFigures) -> tuple[float, int, str]:
    return -agency.on_time / agency.due, -agency.due, agency.agency
