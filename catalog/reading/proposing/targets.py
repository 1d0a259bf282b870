"""Targets as proposals: the indicator, its figure and baseline, and the day to reach it by."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from catalog.reading.grammar import matching
from catalog.reading.proposing import naming
from catalog.reading.proposing.dated_clauses import DATING
from catalog.reading.proposing.due_dates import date_questions
from catalog.reading.proposing.item_text import SLIGHT
from catalog.reading.proposing.pen import Entry
from catalog.reading.span import Ask, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.reading.document.clauses import Clause
    from catalog.reading.grammar.amounts import Bound
    from catalog.reading.grammar.matching import Mark, Phrase
    from catalog.reading.grammar.rule import Timing
    from catalog.reading.proposing.item_text import ItemText
    from catalog.reading.proposing.passage import Passage


def target(
    passage: Passage,
    clause: Clause,
    figure: Phrase,
    *,
    date: Phrase | None,
    readings: Sequence[Timing],
) -> Entry:
    """Return the target that a figure of a clause sets, to be reached by `readings` of a date."""
    source, mark = passage.source, figure.mark
    amount = matching.figure(mark, source.text)
    targets = [p.mark for p in source.figures_for(clause, "target")]
    fields: dict[str, Any] = {
        "indicator": _indicator(source, clause, mark, targets),
        "value": amount.least,
        **_unit_fields(source, clause, mark, date=date),
        "bound": amount.bound if amount.bound in ("at-least", "more-than") else None,
    }
    base, marks = _baseline(source, clause, mark)
    fields |= {"baseline": base} if base else {}
    if not date:
        fields |= {"by": passage.term.ends_on, "basis": "office"}
    elif len(readings) == 1:
        fields["by"] = readings[0].due_on
    start = max([m.end for m in targets if m.end <= mark.start], default=clause.span.start)
    end = mark.end if mark in targets[:-1] else clause.span.end
    asks = _asks(passage, mark, amount.bound, date=date, readings=readings)
    also = [date.mark] if date else []
    return Entry("target", "target", [mark, *marks], fields, Span(start, end), also=also, asks=asks)


def _asks(
    passage: Passage, mark: Mark, bound: Bound, *, date: Phrase | None, readings: Sequence[Timing]
) -> list[Ask]:
    """Return the questions about a target: its date, and whether an upper bound is one."""
    span, asks = Span(mark.start, mark.end), list[Ask]()
    if date and len(readings) != 1:
        offers = [{"by": timing.due_on} for timing in readings if timing.recurs == "once"]
        asks += date_questions([date], offers, passage.term)
    elif not date and not passage.one_year:
        asks.append(Ask("target-undated", "", span, ({"by": passage.term.ends_on},)))
    if bound == "at-most":
        asks.append(Ask("target-at-most", "", span, ({}, {"drop": True})))
    return asks


def _unit_fields(
    source: ItemText, clause: Clause, mark: Mark, *, date: Phrase | None
) -> dict[str, str]:
    """Return the unit of a figure, and how figures of it add up over the years."""
    unit = source.unit(mark, matching.figure(mark, source.text).unit)
    before = source.folded_of(Span(clause.span.start, mark.start))
    over_years = bool(date and date.mark.rule in ("span", "five-years"))
    return {"unit": unit, "measured": naming.measurement(before, unit, over_years=over_years)}


def _indicator(source: ItemText, clause: Clause, mark: Mark, targets: list[Mark]) -> str:
    """Return the indicator: the words before the figure, or before the first of a list."""
    dates = [p.mark.end for p in clause.phrases[:1] if p.mark.sort in DATING]
    start = (*dates, clause.span.start)[0]
    index = targets.index(mark) if mark in targets else 0
    if index:
        between = source.original(Span(targets[index - 1].end, mark.start)).lstrip("、和及與与,，")
        if len(between) >= SLIGHT:
            return naming.indicator(between)
        first = source.original(Span(start, targets[0].start))
        return f"{naming.indicator(first)}（{index + 1}）"
    before = naming.indicator(source.original(Span(start, mark.start)))
    return before or naming.indicator(source.original(clause.span))


def _baseline(
    source: ItemText, clause: Clause, mark: Mark
) -> tuple[dict[str, Any] | None, list[Mark]]:
    """Return the value of the indicator at its start, by 由N年的x提升到y, and the phrases of it."""
    before = [p for p in clause.phrases if p.mark.end <= mark.start]
    for year, figure in itertools.pairwise(before):
        close = figure.mark.start - year.mark.end <= 1
        if year.mark.sort == "base" and figure.mark.sort in ("figure", "count") and close:
            value = matching.figure(figure.mark, source.text).least
            return {"value": value, "on": year.readings[0].due_on}, [figure.mark, year.mark]
    return None, []
