"""Sentences and clauses of an item, and quotations from them."""

from __future__ import annotations

import bisect
import itertools
import re
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.document.lines import ASTRAY
from catalog.reading.grammar.folding import fold
from catalog.reading.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from catalog.reading.grammar.matching import Mark, Phrase

QUOTE = 24  # characters of `says` in a plan's file
# A stretch with more phrases is cut, so that the work on each is bounded: a real clause has up to
# six, a real sentence up to eight.
_MOST_IN_CLAUSE, _MOST_IN_SENTENCE = 24, 48
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
    folded, starts = fold(text), [phrase.mark.start for phrase in phrases]
    result: list[Sentence] = []
    for span in _cut(folded, Span(0, len(text)), _ENDS):
        clauses = [
            clause
            for part in _cut(folded, span, ",")
            for clause in _clauses(part, phrases[slice(*_within(starts, part))])
        ]
        result += _sentences(span, clauses)
    return tuple(result)


def _within(starts: Sequence[int], span: Span) -> tuple[int, int]:
    """Return which of the sorted `starts` lie in a span, as the bounds of a slice."""
    return bisect.bisect_left(starts, span.start), bisect.bisect_left(starts, span.end)


def _clauses(part: Span, phrases: Sequence[Phrase]) -> Iterator[Clause]:
    """Yield a stretch as clauses of a bounded number of phrases."""
    cuts = [phrases[n].mark.start for n in range(_MOST_IN_CLAUSE, len(phrases), _MOST_IN_CLAUSE)]
    for n, (start, end) in enumerate(itertools.pairwise((part.start, *cuts, part.end))):
        own = phrases[n * _MOST_IN_CLAUSE : (n + 1) * _MOST_IN_CLAUSE]
        yield Clause(Span(start, end), tuple(own))


def _sentences(span: Span, clauses: Sequence[Clause]) -> Iterator[Sentence]:
    """Yield a stretch as sentences of a bounded number of phrases."""
    start, first, count = span.start, 0, 0
    for n, clause in enumerate(clauses):
        if count + len(clause.phrases) > _MOST_IN_SENTENCE:
            yield Sentence(Span(start, clause.span.start), tuple(clauses[first:n]))
            start, first, count = clause.span.start, n, 0
        count += len(clause.phrases)
    yield Sentence(Span(start, span.end), tuple(clauses[first:]))


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
    shifts = (Span(start, end), *_shifts(text, span))
    return next((shift for shift in shifts if _stands_once(text, shift)), shifts[0])


def _stands_once(text: str, span: Span) -> bool:
    """Tell whether the words of a span stand once in `text`; repeated ones are seen at once."""
    words = text[span.start : span.end]
    return text.find(words, text.find(words) + len(words)) < 0


def _shifts(text: str, span: Span) -> Iterator[Span]:
    """Yield longer quotations around a place, within its line."""
    line_start = text.rfind("\n", 0, span.start) + 1
    line_end = text.find("\n", span.end)
    line_end = len(text) if line_end < 0 else line_end
    for start in range(span.start, max(line_start, span.end - QUOTE) - 1, -1):
        yield Span(start, min(line_end, start + QUOTE))
