"""Proposals of one item, in the order of its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reading.proposing.asides import set_aside
from catalog.reading.proposing.item_dates import date_item
from catalog.reading.proposing.item_text import ItemText
from catalog.reading.proposing.passage import Passage
from catalog.reading.proposing.pen import Pen
from catalog.reading.proposing.progress import cover_actions, propose_progress
from catalog.reading.proposing.sentences import LastDate, propose_sentence
from catalog.reading.script import language_of

if TYPE_CHECKING:
    from catalog.reading.document.clauses import Sentence
    from catalog.reading.document.structure import Item
    from catalog.reading.grammar.rule import Setting
    from catalog.reading.proposing.passage import Term
    from catalog.reading.proposing.pen import Proposals
    from catalog.reading.who.register import Register


def propose(item: Item, register: Register, setting: Setting, term: Term) -> Proposals:
    """Return the proposals and questions of one item.

    Every phrase of it ends in a proposal, an aside or a question, every action in a proposal.
    """
    source, pen, last = ItemText(item.text, setting), Pen(item), LastDate()
    one_year, language = setting.only is not None, language_of(item.text)
    passage = Passage(item, source, register, term, one_year=one_year, language=language)
    dates: list[Sentence] = []
    for sentence in source.sentences:
        if source.is_only_a_date(sentence):
            dates.append(sentence)
        else:
            last = propose_sentence(passage, pen, sentence, last=last)
    for sentence in dates:
        date_item(passage, pen, sentence)
    if pen.last is None and not item.preface:
        propose_progress(passage, pen)
    if not item.preface:
        cover_actions(passage, pen)
    set_aside(source, pen, term.issued_on)
    return pen.result()
