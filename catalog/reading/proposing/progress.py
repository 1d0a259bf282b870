"""Reports on progress, for words like 適時 and for items that name no date and no count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reading.proposing import naming
from catalog.reading.proposing.obligations import standing
from catalog.reading.span import Ask, Span

if TYPE_CHECKING:
    from catalog.reading.document.clauses import Clause, Sentence
    from catalog.reading.grammar.matching import Mark
    from catalog.reading.proposing.passage import Passage
    from catalog.reading.proposing.pen import Pen

_MANNERS = ("manner", "standing", "vague")


def cover_manners(passage: Passage, pen: Pen, sentence: Sentence, *, dated: str | None) -> None:
    """Quote words like 適時 with a proposal of their clause, or with the `dated` one.

    Where there is neither, propose a report on progress that quotes them.
    """
    free: list[tuple[Clause, Mark]] = []
    for clause in sentence.clauses:
        for mark in (p.mark for p in clause.phrases if p.mark.sort in _MANNERS):
            near = pen.resting_on(clause.span) or (dated if mark.sort != "vague" else None)
            if near:
                pen.cover(near, [mark])
            else:
                free.append((clause, mark))
    if not free:
        return
    clause, first = free[0]
    entry = standing(passage, sentence, clause, [first])
    by_the_end = {"recurrence": None, "due_on": passage.term.ends_on}
    asks = [
        Ask("date-vague", "", Span(mark.start, mark.end), ({}, by_the_end))
        for _, mark in free
        if mark.sort == "vague"
    ]
    pen.write(entry._replace(also=[mark for _, mark in free], asks=(*entry.asks, *asks)))


def propose_progress(passage: Passage, pen: Pen) -> None:
    """Write a report on the item as a whole, quoting its second sentence where it has one."""
    sentences = [sentence for sentence in passage.source.sentences if sentence.clauses]
    if not sentences:  # 。 alone has no clause
        return
    own = [s for s in sentences if not passage.source.original(s.span).startswith(("(", "（"))]
    sentence = [*own, *sentences][1 if len(own) > 1 else 0]
    clause = sentence.clauses[0]
    title = naming.title(passage.item.title)
    gist = passage.source.gist(clause)
    pen.write(standing(passage, sentence, clause, [gist], title=title))
