"""Yearly evaluation of localities as a paper: its first words, tables and charts."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from catalog import wording
from catalog.duties.adhoc import measure_word
from catalog.reports.evaluation_words import SECTIONS, first_words, title
from desk.papers.blocks import Line, Table, anchor_line
from desk.papers.word_gbt9704 import Bar, Paper
from tasks.known_on import known_on
from tasks.reports.evaluation import evaluate

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from catalog.reports.evaluation import Course, Evaluation
    from ledger.session import Ledger


class EvaluationPaper(NamedTuple):
    """An evaluation with its figures and the words it begins with, by section."""

    figures: Evaluation
    words: Mapping[str, str]
    language: str

    @property
    def title(self) -> str:
        """The title in the paper's language."""
        return title(self.figures, self.language)

    @property
    def sections(self) -> list[tuple[str, str]]:
        """The name and the words of each section, in order."""
        return [(name, self.words[name]) for name in SECTIONS]


def evaluation_paper(
    ledger: Ledger, plan: str, year: int, *, on: dt.date, clock: Callable[[], dt.datetime]
) -> EvaluationPaper:
    """Return the evaluation of `year` as known at the end of day `on`, in the letters' language."""
    language = ledger.settings.lang
    with known_on(ledger, on, clock) as conn:
        figures = evaluate(conn, plan, year, on=on, language=language)
    return EvaluationPaper(figures, first_words(figures, language), language)


def tables(figures: Evaluation, lang: str) -> list[Table]:
    """Return the tables that have lines: localities, indicators, targets, and what was lost."""
    every = [
        _localities(figures, lang),
        _groups(figures, lang),
        *_values(figures, lang),
        _missing(figures, lang),
        _rewards(figures, lang),
        _courses(figures, lang),
        _losses(figures, lang),
    ]
    return [table for table in every if table.lines]


def bars(figures: Evaluation) -> list[Bar]:
    """Return the scores of the localities, the highest first."""
    scores = [(r.locality.name, float(r.locality.score or 0)) for r in figures.ranking()]
    full = max([100.0, *(score for _, score in scores)])
    return [Bar(name, score / full, f"{score:.2f}") for name, score in scores]


def target_bars(figures: Evaluation) -> list[Bar]:
    """Return the progress of each target that has a reading towards its goal."""
    return [
        Bar(course.indicator, _share(course), f"{course.points[-1].actual}/{course.goal}")
        for course in figures.courses
        if course.points
    ]


def word(document: EvaluationPaper, *, demo: bool) -> bytes:
    """Return the evaluation as a Word file for an officer to finish.

    The bytes are the same for the same figures.
    """
    figures, lang = document.figures, document.language
    say = functools.partial(wording.say, lang)
    paper = Paper(document.title, author=figures.office, on=figures.on)
    paper.title(document.title)
    for name, text in document.sections:
        paper.heading(say(f"evaluation.section.{name}"))
        paper.text(text)
    paper.signature(figures.office, wording.spell(lang, figures.on))
    annex(paper, figures, lang)
    paper.note(anchor_line(figures.on, figures.entries, figures.head, lang))
    if demo:
        paper.note(say("base.demo"))
    return paper.content()


def annex(paper: Paper, figures: Evaluation, lang: str) -> None:
    """Write the tables and charts of an evaluation."""
    say = functools.partial(wording.say, lang)
    paper.heading(say("circulars.annex"))
    for table in tables(figures, lang):
        paper.table(table.caption, table.head, [line.cells for line in table.lines], table.widths)
        if table.name == "localities" and (chart := bars(figures)):
            paper.bars(say("evaluation.chart-localities"), chart)
        if table.name == "courses" and (chart := target_bars(figures)):
            paper.bars(say("evaluation.chart-targets"), chart, name=76, figures=40)


def _localities(figures: Evaluation, lang: str) -> Table:
    parts = ("indicator-score", "punctuality") if figures.criteria else ()
    counts = ("due", "on-time", "late", "undone", "items")
    ranks = {r.locality.agency: r.rank for r in figures.ranking()}
    places = [r.locality for r in figures.ranking()] + figures.unscored
    lines = [
        Line(
            "",
            (
                ranks.get(p.agency, "—"),
                p.name,
                p.score or "—",
                *((p.indicator_score or "—", p.punctuality or "—") if parts else ()),
                *(p.due, p.on_time, p.late, p.undone),
                f"{p.delivered}/{p.wanted}" if p.wanted else "—",
            ),
        )
        for p in places
    ]
    caption = wording.say(lang, "evaluation.table-localities")
    widths: tuple[int, ...] = (14, 46, 20, 14, 14, 14, 14, 20)
    if parts:
        widths = (10, 34, 16, 16, 16, 12, 12, 12, 12, 16)
    head = _head(lang, ("rank", "locality", "score", *parts, *counts))
    return Table("localities", caption, head, lines, widths)


def _groups(figures: Evaluation, lang: str) -> Table:
    """Return the points of each ranked locality by group of indicators, with its rank in it."""
    groups = figures.indicator_groups
    lines = [
        Line("", (r.locality.name, *(f"{each.points} ({each.rank})" for each in points)))
        for r in figures.ranking()
        if (points := figures.group_points(r.locality.agency))
    ]
    caption = wording.say(lang, "evaluation.table-indicators")
    wide = 118 // max(len(groups), 1)
    head = (*_head(lang, ("locality",)), *groups)
    return Table("indicators", caption, head, lines, (38, *(wide for _ in groups)))


def _values(figures: Evaluation, lang: str) -> list[Table]:
    """Return the figures of the localities, a table for each group of indicators."""
    return [_values_of(figures, group, lang) for group in figures.indicator_groups]


def _values_of(figures: Evaluation, group: str, lang: str) -> Table:
    lacking = wording.say(lang, "evaluation.missing-value")
    criteria = [criterion for criterion in figures.criteria if criterion.group == group]
    of_group = {criterion.id for criterion in criteria}
    lines = [
        Line("", (p.name, *(e.value or lacking for e in p.indicators if e.id in of_group)))
        for p in figures.localities
        if p.indicators
    ]
    caption = wording.say(lang, "evaluation.table-values", group=group)
    head = (*_head(lang, ("locality",)), *(f"{c.name}({c.unit})" for c in criteria))
    return Table("values", caption, head, lines, (38, *(118 // len(criteria) for _ in criteria)))


def _missing(figures: Evaluation, lang: str) -> Table:
    comma = wording.say(lang, "notice.comma")
    lines = [
        Line("", (p.name, comma.join(figures.criterion(each).name for each in p.missing)))
        for p in figures.localities
        if p.missing
    ]
    caption = wording.say(lang, "evaluation.table-missing")
    return Table("missing", caption, _head(lang, ("locality", "missing")), lines, (46, 110))


def _rewards(figures: Evaluation, lang: str) -> Table:
    lines = [Line("", (r.name, r.text, r.document)) for r in figures.rewards]
    caption = wording.say(lang, "evaluation.table-rewards")
    head = _head(lang, ("locality", "reward", "document"))
    return Table("rewards", caption, head, lines, (40, 66, 50))


def _courses(figures: Evaluation, lang: str) -> Table:
    columns = ("indicator", "goal", "year", "actual", "expected", "verdict")
    lines = []
    for course in figures.courses:
        verdict = wording.say(lang, f"verdict.{course.verdict}")
        goal, *points = f"{course.goal}{course.unit}", *course.points
        read: list[tuple[object, ...]] = [(p.year, p.actual, p.expected, "") for p in points]
        *before, last = read or [("—", "—", "—")]
        read = [*before, (*last[:3], verdict)]
        lines += [Line("", (course.indicator, goal, *each)) for each in read]
    caption = wording.say(lang, "evaluation.table-targets")
    return Table("courses", caption, _head(lang, columns), lines, (54, 25, 13, 21, 21, 22))


def _losses(figures: Evaluation, lang: str) -> Table:
    columns = ("locality", "measure", "title", "due-on", "days", "state")
    say = functools.partial(wording.say, lang)
    lines = [
        Line(
            work.key,
            (
                ranked.locality.name,
                measure_word(lang, work.measure),
                work.title,
                wording.spell(lang, work.due_on),
                work.days,
                say(f"evaluation.state.{'late' if work.done else 'undone'}"),
            ),
        )
        for ranked in figures.ranking()[::-1]
        for work in ranked.locality.lost
    ]
    widths = (32, 12, 42, 34, 14, 22)
    caption = say("evaluation.table-lost")
    return Table("lost", caption, _head(lang, columns), lines, widths, duty_column=2)


def _head(lang: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(wording.say(lang, f"evaluation.column.{column}") for column in columns)


def _share(course: Course) -> float:
    goal, actual = float(course.goal), float(course.points[-1].actual)
    return min(max(actual / goal, 0.0), 1.0) if goal else 1.0
