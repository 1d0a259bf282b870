"""Proposals of one sentence: what its dates govern, and what it asks for without a date."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.rule import Timing
from catalog.reading.proposing import obligations, progress
from catalog.reading.proposing.dated_clauses import dated_parts
from catalog.reading.proposing.targets import target

if TYPE_CHECKING:
    from datetime import date

    from catalog.reading.document.clauses import Clause, Sentence
    from catalog.reading.grammar.matching import Phrase
    from catalog.reading.proposing.dated_clauses import DatedPart
    from catalog.reading.proposing.item_text import ItemText
    from catalog.reading.proposing.passage import Passage
    from catalog.reading.proposing.pen import Pen


class LastDate(NamedTuple):
    """The date named last, for targets behind it; `of_targets` once it has dated one."""

    phrase: Phrase | None = None
    due_on: date | None = None
    of_targets: bool = False

    @property
    def readings(self) -> tuple[Timing, ...]:
        """The reading of the date, none where there is none."""
        return (Timing(due_on=self.due_on),) if self.due_on else ()


def propose_sentence(passage: Passage, pen: Pen, sentence: Sentence, *, last: LastDate) -> LastDate:
    """Write what a sentence asks for; return the date for targets of the next one."""
    source = passage.source
    parts = dated_parts(source.folded, sentence, passage.term.issued_on)
    before = pen.last
    above = source.sign_before(sentence.span.start)
    if above == "\n" or not (last.of_targets or above == ";"):
        last = last._replace(phrase=None, due_on=None)
    if len(parts) > 1 and not parts[0].recurs:
        leading = [c for c in parts[0].before if source.figures_for(c, "target")]
        last = _targets_of_all(passage, pen, parts, leading, last=last)
        others = [c for c in parts[0].before if c not in leading]
        parts[0] = replace(parts[0], before=others)
    for part in parts:
        if not part.recurs and len(part.readings) == 1 and part.readings[0].due_on:
            last = LastDate(part.dates[0], part.readings[0].due_on)
        last = _propose_part(passage, pen, sentence, part, last=last)
    for clause in () if parts else sentence.clauses:
        last = _propose_undated(passage, pen, sentence, clause, last=last)
    dated = pen.last if parts and pen.last != before else None
    progress.cover_manners(passage, pen, sentence, dated=dated)
    return last


def _targets_of_all(
    passage: Passage, pen: Pen, parts: list[DatedPart], clauses: list[Clause], *, last: LastDate
) -> LastDate:
    """Write targets that stand before several dates, and ask which is theirs."""
    first, readings = parts[0].dates[0], [t for part in parts for t in part.readings]
    for clause in clauses:
        for figure in passage.source.figures_for(clause, "target"):
            pen.write(target(passage, clause, figure, date=first, readings=readings))
    return last._replace(of_targets=True) if clauses else last


def _propose_part(
    passage: Passage, pen: Pen, sentence: Sentence, part: DatedPart, *, last: LastDate
) -> LastDate:
    """Write the targets and obligations of the clauses that one date governs."""
    source = passage.source
    phrase, readings = _target_date(part, last)
    around = [*part.before, *part.clauses]
    targets = [(c, figure) for c in around for figure in _target_figures(source, part, c)]
    for clause, figure in targets:
        pen.write(target(passage, clause, figure, date=phrase, readings=readings))
    aimed = bool(targets) and not part.recurs
    others = [c for c in part.clauses if not source.figures_for(c, "target") and source.weighs(c)]
    if others or not aimed:
        place = others[0] if aimed or (others and not source.weighs(part.own)) else part.own
        _propose_obligations(passage, pen, sentence, part, place=place)
    return last._replace(of_targets=True) if targets and phrase else last


def _propose_obligations(
    passage: Passage, pen: Pen, sentence: Sentence, part: DatedPart, *, place: Clause
) -> None:
    """Write an obligation for each count of a part, else one at `place`; then its documents."""
    source = passage.source
    around = [*part.before, *part.clauses]
    counts = [(c, count) for c in around for count in _quota_counts(source, part, c)]
    if not counts:
        pen.write(obligations.dated(passage, sentence, part, clause=place))
    for clause, count in counts:
        pen.write(obligations.dated(passage, sentence, part, clause=clause, count=count))
    for clause in around if part.recurs else part.clauses[1:]:
        if clause in (part.own, place):
            continue
        if part.recurs or source.weighs(part.own):
            _propose_document(passage, pen, sentence, clause)
        elif source.documents(clause):
            pen.write(obligations.dated(passage, sentence, part, clause=clause))


def _target_figures(source: ItemText, part: DatedPart, clause: Clause) -> list[Phrase]:
    """Return the targets of a clause; what is counted every year is a quota, not a target."""
    figures = source.figures_for(clause, "target")
    if part.recurs and clause is part.own:
        return [figure for figure in figures if not source.quota(figure)]
    return figures


def _quota_counts(source: ItemText, part: DatedPart, clause: Clause) -> list[Phrase]:
    yearly = part.recurs and clause is part.own
    counts = source.figures_for(clause, "quota", *(("target",) if yearly else ()))
    return [count for count in counts if source.quota(count)]


def _target_date(part: DatedPart, last: LastDate) -> tuple[Phrase | None, tuple[Timing, ...]]:
    """Return the date by which the targets of a part are to be reached, and its readings."""
    if not part.recurs:
        return part.dates[0], part.readings
    span = next((p for p in part.dates if p.mark.rule in ("span", "five-years")), None)
    return (span, span.readings) if span else (last.phrase, last.readings)


def _propose_undated(
    passage: Passage, pen: Pen, sentence: Sentence, clause: Clause, *, last: LastDate
) -> LastDate:
    """Write the targets and quotas of a clause without a date, or its document."""
    source = passage.source
    targets = source.figures_for(clause, "target")
    for figure in targets:
        pen.write(target(passage, clause, figure, date=last.phrase, readings=last.readings))
    counts = [count for count in source.figures_for(clause, "quota") if source.quota(count)]
    for count in counts:
        quota = source.quota(count)
        pen.write(obligations.undated(passage, sentence, clause, count.mark, quota=quota))
    if not counts:
        _propose_document(passage, pen, sentence, clause)
    return last._replace(of_targets=True) if targets and last.phrase else last


def _propose_document(passage: Passage, pen: Pen, sentence: Sentence, clause: Clause) -> None:
    """Write the document a clause asks for without a date."""
    marks = passage.source.documents(clause)
    if marks and not pen.quotes(marks[0]):
        pen.write(obligations.undated(passage, sentence, clause, marks[0]))
