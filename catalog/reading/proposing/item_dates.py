"""Lines that date a whole item (完成時限:…), and what they change in its proposals."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from catalog.reading.proposing import obligations
from catalog.reading.proposing.dated_clauses import dated_parts
from catalog.reading.proposing.due_dates import date_fields, date_questions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog.reading.document.clauses import Sentence
    from catalog.reading.draft import Proposal
    from catalog.reading.proposing.dated_clauses import DatedPart
    from catalog.reading.proposing.passage import Passage
    from catalog.reading.proposing.pen import Pen


def date_item(passage: Passage, pen: Pen, sentence: Sentence) -> None:
    """Let a line of its own date the item: its undated proposals, else one for the whole item."""
    undated = pen.undated
    parts = dated_parts(passage.source.folded, sentence, passage.term.issued_on)
    for proposal in undated if parts else ():
        _redate(passage, pen, proposal, parts)
    for part in () if undated else parts:
        same = pen.due_on({timing.due_on for timing in part.readings})
        if same:
            pen.cover(same, [phrase.mark for phrase in part.dates])
        else:
            title = passage.item.title
            pen.write(obligations.dated(passage, sentence, part, clause=part.own, title=title))
    if not parts and sentence.phrases and pen.last is None:
        marks = [phrase.mark for phrase in sentence.phrases]
        title, clause = passage.item.title, sentence.clauses[0]
        pen.write(obligations.standing(passage, sentence, clause, marks, title=title))


def _redate(passage: Passage, pen: Pen, proposal: Proposal, parts: Sequence[DatedPart]) -> None:
    """Date a proposal by the line; where that names several dates, ask which."""
    readings = [timing for part in parts for timing in part.readings]
    dates = [phrase for part in parts for phrase in part.dates]
    offers = [date_fields(timing, passage.term) for timing in readings]
    if proposal.shape == "target":
        offers = [{"by": timing.due_on} for timing in readings if timing.due_on]
        if any(timing.recurs != "once" for timing in readings):  # a target is reached once
            offers += [{"by": passage.term.ends_on}]
    blank = {"recurrence": None, "due_on": None, "by": None, "basis": "plan", "reason": None}
    pen.change(proposal.id, {**blank, **(offers[0] if len(offers) == 1 else {})})
    pen.cover(proposal.id, [phrase.mark for phrase in dates])
    pen.withdraw("target-undated", proposal.id)
    for ask in date_questions(dates, offers, passage.term):
        pen.ask(replace(ask, about=proposal.id))
