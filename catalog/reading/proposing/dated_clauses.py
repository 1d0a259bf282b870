"""Dates of a sentence, each with the clauses it governs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from catalog.reading.document.clauses import Clause
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.rule import Timing
from catalog.reading.proposing import naming
from catalog.reading.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from catalog.reading.document.clauses import Sentence
    from catalog.reading.grammar.matching import Phrase

_ABOUT = re.compile("对|凡|对于|向")
_WHOM = re.compile("的[^,]{0,8}$")
_STRETCHES = ("span", "five-years")
_WITHIN_A_YEAR = ("stretch", "season", "bare-month", "bare-day", "bare-quarter", "bare-half")
_AND = re.compile("[、,和及与以 ]*")  # 每年3月、9月各開展一次
DATING = ("time", "since", "recurs")


@dataclass
class DatedPart:
    """The clauses of a sentence that one date or recurrence governs.

    `dates` are its phrases and `readings` what they can mean. `own` is the clause they stand in,
    `clauses` all they govern, `before` those that lead up to it.
    """

    dates: tuple[Phrase, ...]
    readings: tuple[Timing, ...]
    own: Clause
    clauses: list[Clause] = field(default_factory=list)
    before: list[Clause] = field(default_factory=list)

    @property
    def recurs(self) -> bool:
        """Tell whether it comes round."""
        return any(timing.recurs != "once" for timing in self.readings[:1])


def dated_parts(text: str, sentence: Sentence, issued_on: date) -> list[DatedPart]:
    """Return the dated parts of a sentence of folded `text`; a date before the issue has none."""
    parts: list[DatedPart] = []
    leading: list[Clause] = []
    for clause in sentence.clauses:
        pieces = list(_pieces(text, clause, issued_on))
        if not pieces and parts:
            parts[-1].clauses.append(clause)
        elif not pieces:
            leading.append(clause)
        for piece, dates in pieces:
            part = DatedPart(dates, _merged(dates), piece, [piece], leading)
            if parts and part.recurs and _is_only_a_stretch(text, parts[-1]):
                stretch = parts.pop()
                joint = (*stretch.dates, *dates)
                part = DatedPart(joint, _merged(joint), piece, [piece], stretch.before)
            parts.append(part)
            leading = []
        for part in parts[-_twins(pieces) :] if pieces else ():
            part.clauses = parts[-1].clauses
    return parts


def _twins(pieces: Sequence[tuple[Clause, tuple[Phrase, ...]]]) -> int:
    """Return how many of the last pieces share their words: 每年1月15日前、7月15日前,…."""
    return len([piece for piece, _ in pieces if piece.span.end == pieces[-1][0].span.end])


def _is_only_a_stretch(text: str, part: DatedPart) -> bool:
    """Tell whether a clause is nothing but the stretch of years that the next one fills."""
    span = part.own.span
    words = naming.without(text[span.start : span.end], [fold(p.mark.phrase) for p in part.dates])
    open_ended = all(p.mark.sort == "since" or p.mark.rule in _STRETCHES for p in part.dates)
    return len(part.clauses) == 1 and not words and open_ended


def is_over(phrase: Phrase, issued_on: date) -> bool:
    """Tell whether a date lies before the day of issue in every reading."""
    return bool(phrase.readings) and all(
        timing.recurs == "once" and timing.due_on is not None and timing.due_on < issued_on
        for timing in phrase.readings
    )


def _limits(text: str, clause: Clause, phrase: Phrase) -> bool:
    """Tell whether a date only says whom a clause is about: 對N年購車的個人."""
    words, after = (
        text[clause.span.start : clause.span.end],
        text[phrase.mark.end : clause.span.end],
    )
    return _ABOUT.match(words.strip()) is not None and _WHOM.search(after) is not None


def _pieces(
    text: str, clause: Clause, issued_on: date
) -> Iterator[tuple[Clause, tuple[Phrase, ...]]]:
    """Yield a clause with its dates, cut where it has a second date of its own."""
    groups: list[list[Phrase]] = []
    for phrase in clause.phrases:
        if (
            phrase.mark.sort not in DATING
            or is_over(phrase, issued_on)
            or _limits(text, clause, phrase)
        ):
            continue
        if groups and _joins(groups[-1], phrase):
            groups[-1].append(phrase)
        else:
            groups.append([phrase])
    bounds = [clause.span.start, *(g[0].mark.start for g in groups[1:]), clause.span.end]
    for n, (group, start) in enumerate(zip(groups, bounds, strict=False)):
        last = n
        while last + 1 < len(groups) and _AND.fullmatch(
            text, groups[last][-1].mark.end, groups[last + 1][0].mark.start
        ):
            last += 1
        end = bounds[last + 1]
        phrases = tuple(p for p in clause.phrases if start <= p.mark.start < end)
        yield Clause(Span(start, end), phrases), tuple(group)


def _joins(group: Sequence[Phrase], phrase: Phrase) -> bool:
    """Tell whether two dates of a clause are one: from a year on every year, in it by a day."""
    mark, recurring = phrase.mark, {p.mark.sort for p in group} & {"recurs", "since"}
    if mark.sort == "recurs" and "recurs" in recurring:  # 每旬監測、每月分析
        return mark.start == group[-1].mark.end or mark.phrase == "年度"
    if mark.sort in ("recurs", "since"):
        return bool(recurring) or all(p.mark.rule in ("span", "year-end", "year") for p in group)
    fixed = any(t.due_on for p in group for t in p.readings if p.mark.sort != "since")
    often = any(t.recurs not in ("once", "yearly") for p in group for t in p.readings)
    if mark.rule in _WITHIN_A_YEAR:  # 每半年(6月、12月)
        return bool(recurring) and (often or not fixed)
    return bool(recurring) and mark.rule in ("span", "year-end")


def _merged(dates: Sequence[Phrase]) -> tuple[Timing, ...]:
    """Return the readings of dates that are one."""
    if len(dates) == 1:
        return dates[0].readings
    turns = [p for p in dates if p.mark.sort == "recurs"] or list(dates)
    spans = [t for p in dates if p.mark.rule in _STRETCHES for t in p.readings]
    starts = [t.opens_on for p in dates if p.mark.sort == "since" for t in p.readings]
    starts = starts or [t.opens_on for t in spans[:1]] or [None]
    until = next((t.due_on for t in spans), None)
    anchors = (t.due_on for p in dates for t in p.readings if t.recurs != "once" and t.due_on)
    anchor = next(anchors, None)
    return tuple(
        dict.fromkeys(
            Timing(t.recurs, since, t.due_on or anchor, until)
            for since in starts
            for t in turns[0].readings
        )
    )
