"""Which dates of a sentence are whose: the clauses a date governs, and what they ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from catalog.reading.document.clauses import Clause
from catalog.reading.draft import Span
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.rule import When
from catalog.reading.proposing import naming

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from catalog.reading.document.clauses import Sentence
    from catalog.reading.grammar.phrases import Said

_ABOUT = re.compile("对|凡|对于|向")
_WHOM = re.compile("的[^,]{0,8}$")
_STRETCHES = ("span", "five-years")
_WITHIN_A_YEAR = ("stretch", "season", "bare-month", "bare-day", "bare-quarter", "bare-half")
_AND = re.compile("[、,和及与以 ]*")  # 每年3月、9月各開展一次
DATING = ("time", "since", "recurs")


@dataclass
class Deed:
    """What a sentence asks for at one date or recurrence; none of `dated` for an undated one.

    `own` is the clause its date stands in, `clauses` all it governs, `before` those that lead up
    to it. `readings` are what its date can mean.
    """

    dated: tuple[Said, ...]
    readings: tuple[When, ...]
    own: Clause
    clauses: list[Clause] = field(default_factory=list)
    before: list[Clause] = field(default_factory=list)

    @property
    def recurs(self) -> bool:
        """Tell whether it comes round."""
        return any(when.recurs != "once" for when in self.readings[:1])


def deeds(text: str, sentence: Sentence, issued_on: date) -> list[Deed]:
    """Return the dated deeds of a sentence of folded `text`; what is over at issue is none."""
    found: list[Deed] = []
    waiting: list[Clause] = []
    for clause in sentence.clauses:
        pieces = list(_pieces(text, clause, issued_on))
        if not pieces and found:
            found[-1].clauses.append(clause)
        elif not pieces:
            waiting.append(clause)
        for piece, dated in pieces:
            deed = Deed(dated, _merged(dated), piece, [piece], waiting)
            if found and deed.recurs and _only_says_when(text, found[-1]):
                before = found.pop()
                joint = (*before.dated, *dated)
                deed = Deed(joint, _merged(joint), piece, [piece], before.before)
            found.append(deed)
            waiting = []
        for twin in _twins(pieces):
            for deed in found[-twin:]:
                deed.clauses = found[-1].clauses
    return found


def _twins(pieces: Sequence[tuple[Clause, tuple[Said, ...]]]) -> Iterator[int]:
    """Yield how many of the last pieces share their words: 每年1月15日前、7月15日前,…."""
    same = [piece for piece, _ in pieces if piece.span.end == pieces[-1][0].span.end]
    if len(same) > 1:
        yield len(same)


def _only_says_when(text: str, deed: Deed) -> bool:
    """Tell whether a clause is nothing but the stretch of years that the next one fills."""
    span = deed.own.span
    words = naming.stripped(text[span.start : span.end], [fold(s.mark.phrase) for s in deed.dated])
    open_ended = all(s.mark.sort == "since" or s.mark.rule in _STRETCHES for s in deed.dated)
    return len(deed.clauses) == 1 and not words and open_ended


def is_over(said: Said, issued_on: date) -> bool:
    """Tell whether a date lies before the day of issue in every reading."""
    return bool(said.readings) and all(
        when.recurs == "once" and when.due_on is not None and when.due_on < issued_on
        for when in said.readings
    )


def _limits(text: str, clause: Clause, said: Said) -> bool:
    """Tell whether a date only says whom a clause is about: 對N年購車的個人."""
    words, after = text[clause.span.start : clause.span.end], text[said.mark.end : clause.span.end]
    return _ABOUT.match(words.strip()) is not None and _WHOM.search(after) is not None


def _pieces(
    text: str, clause: Clause, issued_on: date
) -> Iterator[tuple[Clause, tuple[Said, ...]]]:
    """Yield a clause with its dates, cut where it has a second date of its own."""
    dated = [
        s
        for s in clause.said
        if s.mark.sort in DATING and not is_over(s, issued_on) and not _limits(text, clause, s)
    ]
    groups: list[list[Said]] = []
    for said in dated:
        if groups and _joins(groups[-1], said):
            groups[-1].append(said)
        else:
            groups.append([said])
    bounds = [clause.span.start, *(g[0].mark.start for g in groups[1:]), clause.span.end]
    for n, (group, start) in enumerate(zip(groups, bounds, strict=False)):
        last = n
        while last + 1 < len(groups) and _AND.fullmatch(
            text, groups[last][-1].mark.end, groups[last + 1][0].mark.start
        ):
            last += 1
        end = bounds[last + 1]
        spoken = tuple(s for s in clause.said if start <= s.mark.start < end)
        yield Clause(Span(start, end), spoken), tuple(group)


def _joins(group: Sequence[Said], said: Said) -> bool:
    """Tell whether two dates of a clause are one: from a year on every year, in it by a day."""
    recurring = {s.mark.sort for s in group} & {"recurs", "since"}
    if said.mark.sort == "recurs" and "recurs" in recurring:  # 每旬監測、每月分析
        return said.mark.start == group[-1].mark.end or said.mark.phrase == "年度"
    if said.mark.sort in ("recurs", "since"):
        return bool(recurring) or all(s.mark.rule in ("span", "year-end", "year") for s in group)
    fixed = any(when.due_on for s in group for when in s.readings if s.mark.sort != "since")
    often = any(w.recurs not in ("once", "yearly") for s in group for w in s.readings)
    if said.mark.rule in _WITHIN_A_YEAR:  # 每半年(6月、12月)
        return bool(recurring) and (often or not fixed)
    return bool(recurring) and said.mark.rule in ("span", "year-end")


def _merged(dated: Sequence[Said]) -> tuple[When, ...]:
    """Return the readings of dates that are one."""
    if len(dated) == 1:
        return dated[0].readings
    turns = [s for s in dated if s.mark.sort == "recurs"] or list(dated)
    told = [w.opens_on for s in dated if s.mark.sort == "since" for w in s.readings]
    spans = [w for s in dated if s.mark.rule in _STRETCHES for w in s.readings]
    told = told or [w.opens_on for w in spans[:1]] or [None]
    until = next((w.due_on for w in spans), None)
    anchors = (w.due_on for s in dated for w in s.readings if w.recurs != "once" and w.due_on)
    anchor = next(anchors, None)
    return tuple(
        dict.fromkeys(
            When(w.recurs, since, w.due_on or anchor, until)
            for since in told
            for w in turns[0].readings
        )
    )
