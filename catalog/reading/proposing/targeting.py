"""What a figure that is to be reached says: what is measured, how much, by when, from where."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.reading.draft import Span
from catalog.reading.grammar import phrases
from catalog.reading.proposing import naming
from catalog.reading.proposing.dated_clauses import DATING
from catalog.reading.proposing.words import SLIGHT

if TYPE_CHECKING:
    from catalog.reading.document.clauses import Clause
    from catalog.reading.grammar.amounts import Bound
    from catalog.reading.grammar.phrases import Mark, Said
    from catalog.reading.proposing.words import Words


class Aim(NamedTuple):
    """A target without its date: fields of a plan, the phrases it rests on and their place."""

    fields: dict[str, Any]
    marks: list[Mark]
    place: Span
    bound: Bound


def aim(words: Words, clause: Clause, said: Said, dated: Said | None) -> Aim:
    """Return the target that the figure `said` of a clause sets."""
    mark = said.mark
    amount = phrases.figure(mark, words.text)
    unit = words.unit(mark, amount.unit)
    before = words.folded_of(Span(clause.span.start, mark.start))
    over_years = bool(dated and dated.mark.rule in ("span", "five-years"))
    listed = [s.mark for s in words.figures_for(clause, "target")]
    fields: dict[str, Any] = {
        "indicator": _indicator(words, clause, mark, listed),
        "value": amount.least,
        "unit": unit,
        "measured": naming.measured(before, unit, over_years=over_years),
        "bound": amount.bound if amount.bound in ("at-least", "more-than") else None,
    }
    marks = [mark]
    if base := _baseline(words, clause, mark):
        fields["baseline"], rested = base
        marks += rested
    start = max([m.end for m in listed if m.end <= mark.start], default=clause.span.start)
    end = mark.end if mark in listed[:-1] else clause.span.end
    return Aim(fields, marks, Span(start, end), amount.bound)


def _indicator(words: Words, clause: Clause, mark: Mark, listed: list[Mark]) -> str:
    """Return what is measured: the words before the figure, or before the first of a list."""
    dates = [s.mark.end for s in clause.said[:1] if s.mark.sort in DATING]
    start = (*dates, clause.span.start)[0]
    nth = listed.index(mark) if mark in listed else 0
    if nth:
        between = words.original(Span(listed[nth - 1].end, mark.start)).lstrip("、和及與与,，")
        if len(between) < SLIGHT:
            first = words.original(Span(start, listed[0].start))
            return naming.indicator(first, nth + 1, len(listed))
        return naming.indicator(between, 1, 1)
    named = naming.indicator(words.original(Span(start, mark.start)), 1, 1)
    return named or naming.indicator(words.original(clause.span), 1, 1)


def _baseline(words: Words, clause: Clause, mark: Mark) -> tuple[dict[str, Any], list[Mark]] | None:
    """Return where the indicator stood, by 由N年的x提升到y, with the phrases that say so."""
    before = [s for s in clause.said if s.mark.end <= mark.start]
    for year, figure in itertools.pairwise(before):
        close = figure.mark.start - year.mark.end <= 1
        if year.mark.sort == "base" and figure.mark.sort in ("figure", "count") and close:
            value = phrases.figure(figure.mark, words.text).least
            return {"value": value, "on": year.readings[0].due_on}, [figure.mark, year.mark]
    return None
