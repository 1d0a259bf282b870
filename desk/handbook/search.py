"""Search in the handbook: 贸易 finds 貿易, and every word must stand in the section."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, NamedTuple

from catalog.wording.search_folding import fold
from desk.handbook.book import book

if TYPE_CHECKING:
    from desk.handbook.book import Chapter
    from desk.handbook.markdown import Section

LONGEST = 100  # characters of a query that are searched for
MOST = 40  # hits that are shown
AROUND = 40  # characters shown before and after the first word found


class Hit(NamedTuple):
    """A section in which all words stand, and the first of them as it stands in the text."""

    chapter: Chapter
    section: Section
    before: str
    match: str
    after: str


def search(lang: str, query: str) -> list[Hit]:
    """Return the sections that answer a query, those first whose heading does."""
    words = fold(query[:LONGEST]).split()
    if not words:
        return []
    hits = [
        (any(word not in heading for word in words), _hit(chapter, section, text, words[0]))
        for chapter, section, heading, text in _folded(lang)
        if all(word in heading or word in text for word in words)
    ]
    return [hit for _, hit in sorted(hits, key=lambda pair: pair[0])[:MOST]]


@functools.cache
def _folded(lang: str) -> tuple[tuple[Chapter, Section, str, str], ...]:
    """Return each section of the book with its heading and its text for comparison."""
    return tuple(
        (chapter, section, fold(f"{chapter.title} {section.heading}"), fold(section.text))
        for chapter in book(lang)
        for section in chapter.sections
    )


def _hit(chapter: Chapter, section: Section, folded: str, word: str) -> Hit:
    """Return a hit; where the word stands only in the heading, the text is shown from its start."""
    text = section.text
    place = folded.find(word) if len(folded) == len(text) else -1
    start, end = (0, 0) if place < 0 else (place, place + len(word))
    first, last = max(0, start - AROUND), end + 2 * AROUND
    before = f"{'…' if first else ''}{text[first:start]}"
    after = f"{text[end:last]}{'…' if last < len(text) else ''}"
    return Hit(chapter, section, before, text[start:end], after)
