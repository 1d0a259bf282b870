"""Reports on progress, for words like 適時 and for action that has no date and no count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reading.proposing import naming
from catalog.reading.proposing.actions import actions
from catalog.reading.proposing.obligations import standing
from catalog.reading.span import Ask, Span

if TYPE_CHECKING:
    from catalog.reading.document.clauses import Clause, Sentence
    from catalog.reading.draft import Proposal
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
    reason = passage.reason("standing")
    by_the_end = {"recurrence": None, "due_on": passage.term.ends_on, "reason": reason}
    asks = [
        Ask("date-vague", "", Span(mark.start, mark.end), ({}, by_the_end))
        for _, mark in free
        if mark.sort == "vague"
    ]
    pen.write(entry._replace(also=[mark for _, mark in free], asks=(*entry.asks, *asks)))


def cover_actions(passage: Passage, pen: Pen) -> None:
    """Let one report on the item quote each action that no proposal takes up."""
    source, title = passage.source, naming.title(passage.item.title)
    free = [a for a in actions(source, passage.item.title) if not pen.quotes_from(a.stretch)]
    if not free:
        return
    marks = [source.gist(a.clause, a.verb.start) for a in free]
    report = next((p for p in pen.undated if _reports_on_all(p)), None)
    if report:
        pen.change(report.id, {"title": title})
        pen.cover(report.id, marks)
    else:
        sentence = next(s for s in source.sentences if free[0].clause in s.clauses)
        entry = standing(passage, sentence, free[0].clause, marks[:1], title=title)
        fields = {name: entry.fields[name] for name in entry.fields if name != "parties"}
        pen.write(entry._replace(fields=fields, also=marks[1:], asks=()))


def _reports_on_all(proposal: Proposal) -> bool:
    return proposal.fields.get("kind") == "standing" and "parties" not in proposal.fields


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
