"""Sentences and clauses of an item, and quotations from them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.document.lines import ASTRAY
from catalog.reading.grammar.folding import fold
from catalog.reading.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalog.reading.grammar.matching import Mark, Phrase

QUOTE = 24  # characters of `says` in a plan's file
_CLOSING = {"(": ")", "[": "]", "《": "》", "“": "”"}
_ENDS = "。!?;\n"
_THOUSANDS = re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?!\d)")


class Clause(NamedTuple):
    """A stretch between two commas, with the phrases that stand in it."""

    span: Span
    phrases: tuple[Phrase, ...]


class Sentence(NamedTuple):
    """A stretch between two full stops or semicolons."""

    span: Span
    clauses: tuple[Clause, ...]

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The phrases of all its clauses, in order."""
        return tuple(phrase for clause in self.clauses for phrase in clause.phrases)


def sentences(text: str, phrases: Sequence[Phrase]) -> tuple[Sentence, ...]:
    """Return the sentences of `text` with the phrases that stand in them."""
    folded = fold(text)
    return tuple(
        Sentence(
            span,
            tuple(
                Clause(part, tuple(p for p in phrases if part.start <= p.mark.start < part.end))
                for part in _cut(folded, span, ",")
            ),
        )
        for span in _cut(folded, Span(0, len(text)), _ENDS)
    )


def _cut(folded: str, within: Span, signs: str) -> Iterator[Span]:
    """Yield the stretches between `signs` that stand in no bracket, title or quotation."""
    start, closing = within.start, ""
    figures = {at for match in _THOUSANDS.finditer(folded, *within) for at in range(*match.span())}
    for at in range(within.start, within.end):
        sign = folded[at]
        if sign == "\n":
            closing = ""
        if closing and sign == closing:
            closing = ""
        elif not closing and sign in _CLOSING:
            end = folded.find(_CLOSING[sign], at, min(at + ASTRAY, within.end))
            closing = _CLOSING[sign] if end > 0 else ""
        if sign in signs and not closing and at not in figures:
            if folded[start:at].strip():
                yield Span(start, at)
            start = at + 1
    if folded[start : within.end].strip():
        yield Span(start, within.end)


def quotation(text: str, marks: Sequence[Mark], clause: Span) -> tuple[Span, list[Mark]]:
    """Return a quotation of the clause that holds the first mark, and the marks it leaves out.

    It takes in as many of the others as its length allows, and stands once in `text`.
    """
    first = marks[0]
    start, end = first.start, min(first.end, first.start + QUOTE)
    for mark in marks[1:]:
        low, high = min(start, mark.start), max(end, mark.end)
        if high - low <= QUOTE and "\n" not in text[low:high]:
            start, end = low, high
    span = _widened(text, Span(start, end), clause)
    return span, [m for m in marks if not (span.start <= m.start and m.end <= span.end)]


def _widened(text: str, span: Span, clause: Span) -> Span:
    """Return the quotation with what fits of its clause, the words behind it first."""
    start, end = span
    end = max(end, min(clause.end, start + QUOTE))
    while end > span.end and text[end - 1] in " \n":
        end -= 1
    start = min(start, max(clause.start, end - QUOTE))
    while start < span.start and text[start] in " \n":
        start += 1
    if text.count(text[start:end]) == 1:
        return Span(start, end)
    for wider in _shifts(text, span):
        if text.count(text[wider.start : wider.end]) == 1:
            return wider
    return Span(start, end)


def _shifts(text: str, span: Span) -> Iterator[Span]:
    """Yield longer quotations around a place, within its line."""
    line_start = text.rfind("\n", 0, span.start) + 1
    line_end = text.find("\n", span.end)
    line_end = len(text) if line_end < 0 else line_end
    for start in range(span.start, max(line_start, span.end - QUOTE) - 1, -1):
        yield Span(start, min(line_end, start + QUOTE))
