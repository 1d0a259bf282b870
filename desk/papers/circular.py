"""A circular (通報) as a paper: its sections, its tables and its charts, on a page and in Word."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, NamedTuple

from catalog import wording
from catalog.reports.circular_words import SECTIONS, title
from desk.papers.blocks import Line, Table, anchor_line
from desk.papers.gbt9704 import Bar, Paper

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalog.reports.circular import AgencyFigures, CircularFigures, DutyLine
    from catalog.reports.circular_words import Section
    from ledger.reports.circulars import Circular

NOON = dt.time(12)


class Circulated(NamedTuple):
    """A circular as it is shown: what it tells, its words by section, and its release."""

    told: CircularFigures
    words: Mapping[Section, str]
    language: str
    number: str = ""
    released_on: dt.date | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return title(self.told, self.language)

    @property
    def sections(self) -> list[tuple[str, str]]:
        """Its sections in order: the name, and the words."""
        return [(name, self.words[name]) for name in SECTIONS]


def circulated(kept: Circular) -> Circulated:
    """Return a circular that is kept, as it is shown."""
    number, released_on = kept.number or "", kept.released_on
    return Circulated(kept.told, kept.paragraphs, kept.language, number, released_on)


def tables(told: CircularFigures, lang: str) -> list[Table]:
    """Return the tables that have something in them, in the order of the sections."""
    say = functools.partial(wording.say, lang)
    day = functools.partial(wording.spell, lang)
    found = [
        _agencies(told, say),
        _duties("overdue", told.overdue, say, day, days=True),
        Table(
            "behind",
            say("circulars.table-behind"),
            _head(say, "title", "performer", "due", "delivered", "expected", "wanted"),
            [
                Line(
                    q.key, (q.title, q.performer, day(q.due_on), q.delivered, q.expected, q.wanted)
                )
                for q in told.behind
            ],
            (50, 34, 34, 12, 13, 13),
        ),
        _targets(told, lang, say),
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
                for p in told.problems
            ],
            (54, 34, 34, 34),
        ),
        _duties("coming", told.coming, say, day),
    ]
    return [table for table in found if table.lines]


def bars(told: CircularFigures) -> list[Bar]:
    """Return how much of what was due each agency did on time, the most first."""
    had = [agency for agency in told.agencies if agency.due]
    return [
        Bar(agency.name, agency.on_time / agency.due, f"{agency.on_time}/{agency.due}")
        for agency in sorted(had, key=_by_share)
    ]


def word(shown: Circulated, *, demo: bool) -> bytes:
    """Return the circular as a Word file; the same for the same frozen data and words."""
    told, lang = shown.told, shown.language
    say = functools.partial(wording.say, lang)
    on = shown.released_on or told.on
    paper = Paper(shown.title, author=told.office, on=dt.datetime.combine(on, NOON))
    paper.head(told.title, say("circulars.paper-head"))
    paper.number(shown.number or say("circulars.no-number"), wording.spell(lang, on))
    paper.title(shown.title)
    for name, text in shown.sections:
        paper.heading(say(f"circulars.section.{name}"))
        paper.text(text)
    paper.signed(told.office, wording.spell(lang, on))
    paper.heading(say("circulars.annex"))
    for table in tables(told, lang):
        paper.table(table.caption, table.head, [line.cells for line in table.lines], table.widths)
        if table.name == "agencies" and (chart := bars(told)):
            paper.bars(say("circulars.chart-agencies"), chart)
    paper.note(anchor_line(told.on, told.entries, told.head, lang))
    if demo:
        paper.note(say("base.demo"))
    return paper.made()


def _head(say: Callable[..., str], *columns: str) -> tuple[str, ...]:
    return tuple(say(f"circulars.column.{column}") for column in columns)


def _agencies(told: CircularFigures, say: Callable[..., str]) -> Table:
    columns = ("agency", "due", "on-time", "late", "overdue", "all-overdue", "longest")
    lines = [
        Line("", (a.name, a.due, a.on_time, a.late, a.overdue, a.all_overdue, a.longest))
        for a in told.agencies
    ]
    widths = (60, 16, 16, 16, 16, 16, 16)
    return Table("agencies", say("circulars.table-agencies"), _head(say, *columns), lines, widths)


def _duties(
    name: str,
    listed: tuple[DutyLine, ...],
    say: Callable[..., str],
    day: Callable[..., str],
    *,
    days: bool = False,
) -> Table:
    columns = ("measure", "title", "performer", "due", *(("days",) if days else ()))
    lines = [
        Line(d.key, (d.measure, d.title, d.performer, day(d.due_on), *((d.days,) if days else ())))
        for d in listed
    ]
    widths = (12, 60, 34, 34, 16) if days else (12, 74, 36, 34)
    caption = say(f"circulars.table-{name}")
    return Table(name, caption, _head(say, *columns), lines, widths, named=1)


def _targets(told: CircularFigures, lang: str, say: Callable[..., str]) -> Table:
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
        for t in told.targets
    ]
    widths = (52, 26, 14, 21, 21, 22)
    return Table("targets", say("circulars.table-targets"), _head(say, *columns), lines, widths)


def _by_share(agency: AgencyFigures) -> tuple[float, int, str]:
    return -agency.on_time / agency.due, -agency.due, agency.agency
