"""Clauses of an item that ask somebody to act, dated or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.doing import verb_of
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.matching import Mark
from catalog.reading.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.reading.document.clauses import Clause, Sentence
    from catalog.reading.proposing.item_text import ItemText


class Action(NamedTuple):
    """A clause that asks for action: its verb, and the stretch whose words take it up.

    The stretch goes on over the clauses behind it that ask for nothing of their own (…,形成格局).
    """

    verb: Mark
    clause: Clause
    stretch: Span


def actions(source: ItemText, title: str) -> tuple[Action, ...]:
    """Return the actions an item asks for; its own heading only names them together."""
    sentences = source.sentences
    if len(sentences) > 1 and source.folded_of(sentences[0].span) == fold(title).strip():
        sentences = sentences[1:]
    return tuple(action for sentence in sentences for action in _of_a_sentence(source, sentence))


def _of_a_sentence(source: ItemText, sentence: Sentence) -> Iterator[Action]:
    asking = [(c, verb) for c in sentence.clauses if (verb := _verb(source, c))]
    ends = [clause.span.start for clause, _ in asking[1:]]
    for (clause, verb), end in zip(asking, [*ends, sentence.span.end], strict=False):
        yield Action(verb, clause, Span(clause.span.start, end))


def _verb(source: ItemText, clause: Clause) -> Mark | None:
    match = verb_of(source.original(clause.span))
    if match is None:
        return None
    start, end = (clause.span.start + at for at in match.span("verb"))
    return Mark("", source.text[start:end], start, end)
