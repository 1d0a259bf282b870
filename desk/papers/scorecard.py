"""A scorecard (考核) as a paper: the sums, the duties that lost points, the formula, objections."""

from __future__ import annotations

import datetime as dt
import functools
from typing import TYPE_CHECKING, NamedTuple

from catalog import wording
from catalog.reports.scorecard import CardFigures, Result, result
from desk.papers.blocks import Line, Table, anchor_line
from desk.papers.gbt9704 import Bar, Paper
from tasks.reports.scorecard import upheld

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.reports.scorecard import CardLine
    from ledger.reports.scorecards import Card, Objection

NOON = dt.time(12)


class Scored(NamedTuple):
    """A card as it is shown: what it counts, its announcement if there was one, its objections."""

    card: CardFigures
    kept: Card | None = None
    objections: Sequence[Objection] = ()

    @property
    def result(self) -> Result:
        """The sums, without the duties that objections have taken off."""
        return result(self.card, without=upheld(self.objections))


def tables(shown: Scored, lang: str) -> list[Table]:
    """Return the sums by role, the duties that lost points, and the others."""
    say = functools.partial(wording.say, lang)
    found_lost = lost(shown.card)
    others = [line for line in shown.card.lines if line not in found_lost]
    found = [
        _sums(shown.result, lang),
        _duties("lost", say("scorecards.table-lost"), found_lost, lang),
        _duties("others", say("scorecards.table-others"), others, lang),
    ]
    return [table for table in found if table.lines]


def ranking(found: Mapping[str, Scored], lang: str) -> Table:
    """Return the agencies by their score; the key of a line is of its agency."""
    columns = ("agency", "score", "performer", "lead", "participant", "late", "undone")
    lines = []
    for shown in ranked(found):
        sums = shown.result
        means = ("—" if part.points is None else part.points for part in sums.parts)
        late, undone = sum(p.late for p in sums.parts), sum(p.undone for p in sums.parts)
        score = "—" if sums.score is None else sums.score
        lines.append(Line(shown.card.agency, (shown.card.name, score, *means, late, undone)))
    head = tuple(wording.say(lang, f"scorecards.column.{name}") for name in columns)
    caption = wording.say(lang, "scorecards.table-ranking")
    return Table("ranking", caption, head, lines, (54, 18, 18, 18, 18, 15, 15))


def bars(found: Mapping[str, Scored]) -> list[Bar]:
    """Return the scores as bars, the highest first."""
    scored = [(shown, shown.result.score) for shown in ranked(found)]
    return [
        Bar(shown.card.name, float(score / shown.card.formula.on_time), str(score))
        for shown, score in scored
        if score is not None
    ]


def word(shown: Sequence[Scored], lang: str, *, demo: bool) -> bytes:
    """Return cards of one year as a Word file: the ranking where there are several, then each."""
    say = functools.partial(wording.say, lang)
    first = shown[0].card
    title = say("scorecards.title-year", year=first.year)
    paper = Paper(title, author=first.office, on=dt.datetime.combine(first.on, NOON))
    paper.head(first.title, say("scorecards.paper-head"))
    paper.number(_state(shown[0], lang), wording.spell(lang, first.on))
    paper.title(title if len(shown) > 1 else f"{first.name} {title}")
    paper.text(first.formula.in_words(lang))
    if len(shown) > 1:
        every = {one.card.agency: one for one in shown}
        _put(paper, ranking(every, lang))
        paper.bars(say("scorecards.chart"), bars(every))
    for one in shown:
        if len(shown) > 1:
            paper.heading(one.card.name)
        for table in tables(one, lang):
            if table.name != "others" or len(shown) == 1:
                _put(paper, table)
    paper.signed(first.office, wording.spell(lang, first.on))
    paper.note(anchor_line(first.on, first.entries, first.head, lang))
    if demo:
        paper.note(say("base.demo"))
    return paper.made()


def _put(paper: Paper, table: Table) -> None:
    paper.table(table.caption, table.head, [line.cells for line in table.lines], table.widths)


def _state(shown: Scored, lang: str) -> str:
    if shown.kept is None:
        return wording.say(lang, "scorecards.unannounced")
    on = wording.spell(lang, shown.kept.announced_on)
    return wording.say(lang, "scorecards.announced", on=on)


def ranked(found: Mapping[str, Scored]) -> list[Scored]:
    """Return the cards by score, the highest first; without one last."""
    return sorted(found.values(), key=lambda s: (-(s.result.score or -1), s.card.agency))


def lost(card: CardFigures) -> list[CardLine]:
    """Return the duties that lost points: those an agency may object about."""
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


def _duties(name: str, caption: str, found: Sequence[CardLine], lang: str) -> Table:
    columns = ("measure", "title", "role", "due-on", "outcome", "days", "points")
    say = functools.partial(wording.say, lang)
    lines = [
        Line(
            line.key,
            (
                line.measure,
                line.title if line.role == "performer" else f"{line.title}（{line.performer}）",
                say(f"scorecards.role.{line.role}"),
                wording.spell(lang, line.due_on),
                say(f"scorecards.outcome.{line.outcome}"),
                line.days or "—",
                "—" if line.points is None else line.points,
            ),
        )
        for line in found
    ]
    head = tuple(say(f"scorecards.column.{column}") for column in columns)
    return Table(name, caption, head, lines, (11, 47, 16, 34, 24, 12, 12), named=1)
