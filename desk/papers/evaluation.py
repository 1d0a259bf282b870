"""The yearly evaluation of localities as a paper: words to finish, tables, and its charts."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, NamedTuple

from catalog import wording
from catalog.reports.evaluation_words import SECTIONS, title
from desk.papers.blocks import Line, Table, anchor_line
from desk.papers.gbt9704 import Bar, Paper

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.reports.evaluation import Course, Evaluation
    from catalog.reports.evaluation_words import Section

NOON = dt.time(12)


class Evaluated(NamedTuple):
    """An evaluation as it is shown: what it tells, and the words it begins with."""

    told: Evaluation
    words: Mapping[Section, str]
    language: str

    @property
    def title(self) -> str:
        """What it is called."""
        return title(self.told, self.language)

    @property
    def sections(self) -> list[tuple[str, str]]:
        """Its sections in order: the name, and the words."""
        return [(name, self.words[name]) for name in SECTIONS]


def tables(told: Evaluation, lang: str) -> list[Table]:
    """Return the tables that have something in them: localities, targets, what is to be mended."""
    found = [_localities(told, lang), _courses(told, lang), _lost(told, lang)]
    return [table for table in found if table.lines]


def bars(told: Evaluation) -> list[Bar]:
    """Return the scores of the localities, the highest first."""
    found = [(r.locality.name, float(r.locality.score or 0)) for r in told.ranking()]
    full = max([100.0, *(score for _, score in found)])
    return [Bar(name, score / full, f"{score:.2f}") for name, score in found]


def reached(told: Evaluation) -> list[Bar]:
    """Return how far the targets that were read have come to their goal."""
    return [
        Bar(course.indicator, _share(course), f"{course.points[-1].actual}/{course.goal}")
        for course in told.courses
        if course.points
    ]


def word(shown: Evaluated, *, demo: bool) -> bytes:
    """Return the evaluation as a Word file for an officer to finish; the same for the same data."""
    told, lang = shown.told, shown.language
    say = functools.partial(wording.say, lang)
    paper = Paper(shown.title, author=told.office, on=dt.datetime.combine(told.on, NOON))
    paper.title(shown.title)
    for name, text in shown.sections:
        paper.heading(say(f"evaluation.section.{name}"))
        paper.text(text)
    paper.signed(told.office, wording.spell(lang, told.on))
    paper.heading(say("circulars.annex"))
    for table in tables(told, lang):
        paper.table(table.caption, table.head, [line.cells for line in table.lines], table.widths)
        if table.name == "localities" and (chart := bars(told)):
            paper.bars(say("evaluation.chart-localities"), chart)
        if table.name == "courses" and (chart := reached(told)):
            paper.bars(say("evaluation.chart-targets"), chart, name=76, said=40)
    paper.note(anchor_line(told.on, told.entries, told.head, lang))
    if demo:
        paper.note(say("base.demo"))
    return paper.made()


def _localities(told: Evaluation, lang: str) -> Table:
    columns = ("rank", "locality", "score", "due", "on-time", "late", "undone", "items")
    ranks = {r.locality.agency: r.rank for r in told.ranking()}
    places = [r.locality for r in told.ranking()] + told.unscored
    lines = [
        Line(
            "",
            (
                ranks.get(p.agency, "—"),
                p.name,
                p.score or "—",
                p.due,
                p.on_time,
                p.late,
                p.undone,
                f"{p.delivered}/{p.wanted}" if p.wanted else "—",
            ),
        )
        for p in places
    ]
    caption = wording.say(lang, "evaluation.table-localities")
    widths = (14, 46, 20, 14, 14, 14, 14, 20)
    return Table("localities", caption, _head(lang, columns), lines, widths)


def _courses(told: Evaluation, lang: str) -> Table:
    columns = ("indicator", "goal", "year", "actual", "expected", "verdict")
    lines = []
    for course in told.courses:
        verdict = wording.say(lang, f"verdict.{course.verdict}")
        goal, *points = f"{course.goal}{course.unit}", *course.points
        read: list[tuple[object, ...]] = [(p.year, p.actual, p.expected, "") for p in points]
        *before, last = read or [("—", "—", "—")]
        read = [*before, (*last[:3], verdict)]
        lines += [Line("", (course.indicator, goal, *each)) for each in read]
    caption = wording.say(lang, "evaluation.table-targets")
    return Table("courses", caption, _head(lang, columns), lines, (54, 25, 13, 21, 21, 22))


def _lost(told: Evaluation, lang: str) -> Table:
    columns = ("locality", "measure", "title", "due-on", "days", "state")
    say = functools.partial(wording.say, lang)
    lines = [
        Line(
            work.key,
            (
                ranked.locality.name,
                work.measure,
                work.title,
                wording.spell(lang, work.due_on),
                work.days,
                say(f"evaluation.state.{'late' if work.done else 'undone'}"),
            ),
        )
        for ranked in told.ranking()[::-1]
        for work in ranked.locality.lost
    ]
    widths = (32, 12, 42, 34, 14, 22)
    caption = say("evaluation.table-lost")
    return Table("lost", caption, _head(lang, columns), lines, widths, named=2)


def _head(lang: str, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(wording.say(lang, f"evaluation.column.{column}") for column in columns)


def _share(course: Course) -> float:
    goal, actual = float(course.goal), float(course.points[-1].actual)
    return min(max(actual / goal, 0.0), 1.0) if goal else 1.0
