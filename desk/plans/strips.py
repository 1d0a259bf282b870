"""Strips of a document with its proposals beside it: text in pieces, phrases marked."""

from __future__ import annotations

import bisect
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.draft import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from catalog.reading.draft import Draft, DraftMeasure, Proposal
    from catalog.reading.settling.settlement import Settlement
    from catalog.reading.span import Ask, Span

UNKNOWN = ("agency-unknown", "lead-unknown")  # questions about a name
GROUP = ("各", "有关", "有關", "相关", "相關", "其他")
MOST = 15  # measures on one page


class Piece(NamedTuple):
    """A stretch of the text; with `about` it is marked and links to that card."""

    text: str
    about: str = ""
    state: str = ""


class Question(NamedTuple):
    """A question with its answers as the fields they set; an empty answer changes nothing."""

    ask: Ask
    phrase: str
    line: int
    answers: tuple[Mapping[str, Any], ...]

    @property
    def is_about_a_body(self) -> bool:
        """True where the phrase may be the name of an agency not known yet, and of no group."""
        return self.ask.key in UNKNOWN and not self.phrase.startswith(GROUP)


class Card(NamedTuple):
    """One thing to settle: a proposal, or the fields of a measure or of the head."""

    about: str
    says: str
    also: tuple[str, ...]
    proposal: Proposal | None
    questions: tuple[Question, ...]
    is_settled: bool


class Strip(NamedTuple):
    """A part of the document by paragraph, and the cards beside it."""

    measure: DraftMeasure | None
    paragraphs: tuple[tuple[Piece, ...], ...]
    cards: tuple[Card, ...]

    @property
    def is_settled(self) -> bool:
        """True when no card is open."""
        return all(card.is_settled for card in self.cards)

    @property
    def about(self) -> str:
        """The subject of the first card."""
        return self.measure.number if self.measure else HEAD


def strips(stands: Settlement, first: int) -> tuple[Strip, ...]:
    """Return the strips of MOST measures from number `first` (0..); the head precedes them all."""
    draft = stands.draft
    measures = sorted(draft.measures, key=lambda m: m.span.start)
    bounds = list(_bounds(draft, measures))
    marks, cards = _Marks(_marks(stands)), _Cards(stands)
    parts = []
    if first == 0:
        head = cards.of(HEAD)
        parts.append(Strip(None, _pieces(draft, marks, 0, bounds[0][0]), (head,)))
    for at in range(first, min(first + MOST, len(measures))):
        start, end = bounds[at]
        end = len(draft.paper.text) if at == len(measures) - 1 else end
        own = tuple(cards.measure(measures[at]))
        parts.append(Strip(measures[at], _pieces(draft, marks, start, end), own))
    return tuple(parts)


def strip_of(stands: Settlement, about: str) -> int:
    """Return the first measure of the page that shows `about`."""
    measures = sorted(stands.draft.measures, key=lambda m: m.span.start)
    number = about.partition(".")[0]
    at = next((n for n, measure in enumerate(measures) if measure.number == number), 0)
    return at - at % MOST


def _bounds(draft: Draft, measures: list[DraftMeasure]) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each measure's strip; it ends with the line of its body's end."""
    text = draft.paper.text
    at = measures[0].span.start
    at = text.rfind("\n", 0, at) + 1
    for measure, after in zip(measures, [*measures[1:], None], strict=True):
        behind = after.span.start if after else len(text)
        end = text.find("\n", measure.span.end)
        end = max(at, min(len(text) if end < 0 else end, behind))
        yield at, end
        at = end


class _Cards:
    """Cards of a draft in its present state."""

    def __init__(self, stands: Settlement) -> None:
        self._stands = stands
        self._asks: dict[str, list[Ask]] = {}
        for ask in stands.draft.questions:
            self._asks.setdefault(ask.about, []).append(ask)

    def measure(self, measure: DraftMeasure) -> Iterator[Card]:
        """Yield the card of a measure and those of its proposals, in the text's order."""
        yield self.of(measure.number)
        for proposal in sorted(measure.proposals, key=lambda p: p.says.start):
            yield self.of(proposal.id, proposal)

    def of(self, about: str, proposal: Proposal | None = None) -> Card:
        """Return the card of one thing."""
        draft = self._stands.draft
        says = draft.quote(proposal.says) if proposal else ""
        also = tuple(draft.quote(span) for span in proposal.also) if proposal else ()
        questions = tuple(map(self._question, self._asks.get(about, ())))
        return Card(about, says, also, proposal, questions, about in self._stands.settled)

    def _question(self, ask: Ask) -> Question:
        return question(self._stands.draft, ask)


def question(draft: Draft, ask: Ask) -> Question:
    """Return a question with the phrase it is about."""
    answers = tuple(_answer(reading) for reading in ask.readings)
    return Question(ask, draft.quote(ask.span), draft.line(ask.span), answers)


def _answer(reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields a reading sets; an added agency is shown as a participant."""
    names = {"add": "participants"}
    return {names.get(key, key): value for key, value in reading.items() if value is not None}


def _marks(stands: Settlement) -> list[tuple[Span, str, str]]:
    """Return the spans to mark, each with its subject and state.

    A question's words are marked where no proposal rests on them.
    """
    draft = stands.draft
    open_ids = {ask.about for ask in draft.questions}
    marks: list[tuple[Span, str, str]] = []
    for measure in draft.measures:
        for proposal in measure.proposals:
            settled = "taken" if proposal.id in stands.settled else "open"
            state = "asked" if proposal.id in open_ids else settled
            marks += [(span, proposal.id, state) for span in (proposal.says, *proposal.also)]
    covered = {at for span, _, _ in marks for at in range(*span)}
    for ask in draft.questions:
        if ask.span.start not in covered:
            marks.append((ask.span, ask.about, "asked"))
    return sorted(marks)


class _Marks:
    """The marks of a text in order, found by the line they stand in."""

    def __init__(self, marks: list[tuple[Span, str, str]]) -> None:
        self._marks = marks
        self._longest = max((span.end - span.start for span, _, _ in marks), default=0)

    def within(self, start: int, end: int) -> list[tuple[Span, str, str]]:
        """Return the marks that begin before `end`, without those that end long before `start`."""
        first, last = (
            bisect.bisect_left(self._marks, at, key=lambda mark: mark[0].start)
            for at in (start - self._longest, end)
        )
        return self._marks[first:last]


def _pieces(draft: Draft, marks: _Marks, start: int, end: int) -> tuple[tuple[Piece, ...], ...]:
    """Return a stretch of the text by paragraph; of overlapping marks the first one shows."""
    text, paragraphs = draft.paper.text, []
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if text[start:stop].strip():
            own = marks.within(start, stop)
            paragraphs.append(tuple(_line(text, own, start, stop)))
        start = stop + 1
    return tuple(paragraphs)


def _line(text: str, marks: list[tuple[Span, str, str]], start: int, end: int) -> Iterator[Piece]:
    at = start
    for span, about, state in marks:
        first, last = max(span.start, at), min(span.end, end)
        if first >= last:
            continue
        if at < first:
            yield Piece(text[at:first])
        yield Piece(text[first:last], about, state)
        at = last
    if at < end:
        yield Piece(text[at:end])
