"""Words of a measure's text that nothing in the plan takes up: phrases, actions, parts of lists.

A phrase is taken up by a quotation that holds it; an action by one from its clause, or from the
words that hang on it, a date alone left out. An aside excuses only a phrase or verb it holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar import matching
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.matching import Mark
from catalog.reading.proposing.actions import actions
from catalog.reading.proposing.dated_clauses import DATING
from catalog.reading.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.plans.contents import Measure
    from catalog.reading.document.structure import Item
    from catalog.reading.proposing.actions import Action
    from catalog.reading.proposing.item_text import ItemText

# Phrases that bind nobody by themselves.
_FREE = ("trap", "base")
_SINGLY = 2  # parts of the plan that quote elements of one list: then it is taken up one by one


class _Text(NamedTuple):
    """A measure's text with its phrases and actions, and the places its plan quotes."""

    words: ItemText
    marks: tuple[Mark, ...]
    actions: tuple[Action, ...]
    parts: tuple[tuple[Span, ...], ...]
    asides: tuple[Span, ...]

    @property
    def quotes(self) -> tuple[Span, ...]:
        """The places that obligations and targets quote."""
        return tuple(span for part in self.parts for span in part)


def quotes_of(measure: Measure) -> Iterator[tuple[str, ...]]:
    """Yield the words that each part of a measure quotes, its asides last."""
    for obligation in measure.obligations:
        yield (obligation.says, *obligation.also)
    for target in measure.targets:
        yield (target.says, *target.also)
    for aside in measure.asides:
        yield (aside.says,)


def spans(quote: str, text: str) -> list[Span]:
    """Return the places of a quotation in a text, whatever script and width they have."""
    return [Span(*match.span()) for match in re.finditer(re.escape(fold(quote)), fold(text))]


def within(mark: Mark, span: Span) -> bool:
    """Tell whether a quotation holds a phrase."""
    return span.start <= mark.start and mark.end <= span.end


def untaken(measure: Measure, item: Item, words: ItemText) -> Iterator[tuple[str, str]]:
    """Yield each fault with the words around it: what is not taken up, and asides for nothing."""
    text = _text(measure, item, words)
    binding = [mark for mark in text.marks if mark.sort not in _FREE]
    for mark in binding:
        if not any(within(mark, span) for span in text.quotes + text.asides):
            yield "source-mark-untaken", _context(mark, words.text)
    for verb in _idle_actions(text):
        yield "source-action-untaken", _context(verb, words.text)
    for mark in _left_out(text):
        yield "source-list-untaken", _context(mark, words.text)
    excusable = (*binding, *(action.verb for action in text.actions))
    for aside in measure.asides:
        places = spans(aside.says, words.text)
        if not any(within(mark, span) for mark in excusable for span in places):
            yield "source-aside-idle", aside.says


def _text(measure: Measure, item: Item, words: ItemText) -> _Text:
    parts = [tuple(_all(quotes, words.text)) for quotes in quotes_of(measure)]
    count = len(parts) - len(measure.asides)
    return _Text(
        words,
        matching.marks(item.text),
        () if item.preface else actions(words, item.title),
        tuple(parts[:count]),
        tuple(span for part in parts[count:] for span in part),
    )


def _all(quotes: tuple[str, ...], text: str) -> Iterator[Span]:
    return (span for quote in quotes for span in spans(quote, text))


def _idle_actions(text: _Text) -> Iterator[Mark]:
    """Yield the verbs of actions that nothing takes up."""
    dates = [mark for mark in text.marks if mark.sort in DATING]
    quotes = [_dateless(span, dates) for span in text.quotes]
    for action in text.actions:
        start, end = action.stretch
        if any(span.start < end and start < span.end for span in quotes):
            continue
        if not any(within(action.verb, span) for span in text.asides):
            yield action.verb


def _dateless(span: Span, dates: list[Mark]) -> Span:
    """Return a quotation without a date at its end: a date alone takes up no action."""
    ends = (d.start for d in dates if span.start <= d.start and d.end == span.end)
    return Span(span.start, next(ends, span.end))


def _left_out(text: _Text) -> Iterator[Mark]:
    """Yield the elements of a list (粵港、粵澳、粵臺) that is taken up one by one, but these."""
    quotes = text.quotes + text.asides
    for clause in (c for sentence in text.words.sentences for c in sentence.clauses):
        elements = _elements(text.words.folded, clause.span)
        singly = {n for n, part in enumerate(text.parts) if _any_in(elements, part)}
        if len(singly) < _SINGLY:
            continue
        for start, end in elements:
            if not any(span.start < end and start < span.end for span in quotes):
                yield Mark("", text.words.text[start:end], start, end)


def _any_in(elements: list[Span], quotes: tuple[Span, ...]) -> bool:
    """Tell whether a quotation stands within one element of a list of several."""
    several = len(elements) > 1
    return several and any(
        e.start <= span.start and span.end <= e.end for e in elements for span in quotes
    )


def _elements(folded: str, clause: Span) -> list[Span]:
    cuts = [at for at in range(*clause) if folded[at] == "、"]
    ends = [*cuts, clause.end]
    return [
        Span(*ends_) for ends_ in zip([clause.start, *(c + 1 for c in cuts)], ends, strict=True)
    ]


def _context(mark: Mark, text: str) -> str:
    before, after = text[max(0, mark.start - 6) : mark.start], text[mark.end : mark.end + 8]
    return f"{before}[{mark.phrase}]{after}".strip()
