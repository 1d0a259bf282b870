"""A document beside what is proposed for it: its text in pieces, each phrase marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.draft import HEAD

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from catalog.reading.draft import Draft, DraftMeasure, Proposal
    from catalog.reading.settling.settlement import Settlement
    from catalog.reading.span import Ask, Span

MOST = 15  # measures shown at once


class Piece(NamedTuple):
    """A stretch of the text; with `about` it is marked and leads to that card."""

    text: str
    about: str = ""
    state: str = ""


class Question(NamedTuple):
    """A question with its answers: what each sets, empty where it leaves all as it is."""

    ask: Ask
    phrase: str
    line: int
    answers: tuple[Mapping[str, Any], ...]


class Card(NamedTuple):
    """One thing to settle: a proposal, or what a measure or the head says of itself."""

    about: str
    says: str
    also: tuple[str, ...]
    proposal: Proposal | None
    questions: tuple[Question, ...]
    is_taken: bool


class Strip(NamedTuple):
    """A part of the document, paragraph by paragraph, and the cards that belong beside it."""

    measure: DraftMeasure | None
    paragraphs: tuple[tuple[Piece, ...], ...]
    cards: tuple[Card, ...]

    @property
    def is_taken(self) -> bool:
        """Whether nothing of it is open."""
        return all(card.is_taken for card in self.cards)

    @property
    def about(self) -> str:
        """What its first card is about."""
        return self.measure.number if self.measure else HEAD


def strips(stands: Settlement, first: int) -> tuple[Strip, ...]:
    """Return the strips of MOST measures from the `first` one (0..), the head before them all."""
    draft = stands.draft
    measures = sorted(draft.measures, key=lambda m: m.span.start)
    bounds = list(_bounds(draft, measures))
    marks = _marks(stands)
    found = []
    if first == 0:
        head = _Cards(stands).of(HEAD)
        found.append(Strip(None, _pieces(draft, marks, 0, bounds[0][0]), (head,)))
    for at in range(first, min(first + MOST, len(measures))):
        start, end = bounds[at]
        end = len(draft.paper.text) if at == len(measures) - 1 else end
        cards = tuple(_Cards(stands).measure(measures[at]))
        found.append(Strip(measures[at], _pieces(draft, marks, start, end), cards))
    return tuple(found)


def strip_of(stands: Settlement, about: str) -> int:
    """Return the first measure of the page on which `about` is shown."""
    measures = sorted(stands.draft.measures, key=lambda m: m.span.start)
    wanted = about.partition(".")[0]
    at = next((n for n, measure in enumerate(measures) if measure.number == wanted), 0)
    return at - at % MOST


def _bounds(draft: Draft, measures: list[DraftMeasure]) -> Iterator[tuple[int, int]]:
    """Yield where the strip of each measure starts and ends: at the line's end behind its body."""
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
    """Makes the cards of a draft as it stands."""

    def __init__(self, stands: Settlement) -> None:
        self._stands = stands

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
        questions = tuple(self._question(ask) for ask in draft.questions if ask.about == about)
        return Card(about, says, also, proposal, questions, about in self._stands.settled)

    def _question(self, ask: Ask) -> Question:
        draft = self._stands.draft
        answers = tuple(_answer(reading) for reading in ask.readings)
        return Question(ask, draft.quote(ask.span), draft.line(ask.span), answers)


def _answer(reading: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a reading sets; one more that takes part is shown as such."""
    names = {"add": "participants"}
    return {names.get(key, key): value for key, value in reading.items() if value is not None}


def _marks(stands: Settlement) -> list[tuple[Span, str, str]]:
    """Return the places to be marked with what they are about and how that stands.

    A question's words are marked where no proposal rests on them.
    """
    draft = stands.draft
    asked = {ask.about for ask in draft.questions}
    found: list[tuple[Span, str, str]] = []
    for measure in draft.measures:
        for proposal in measure.proposals:
            done = "taken" if proposal.id in stands.settled else "open"
            state = "asked" if proposal.id in asked else done
            found += [(span, proposal.id, state) for span in (proposal.says, *proposal.also)]
    taken = [span for span, _, _ in found]
    for ask in draft.questions:
        if not any(t.start <= ask.span.start < t.end for t in taken):
            found.append((ask.span, ask.about, "asked"))
    return sorted(found)


def _pieces(
    draft: Draft, marks: list[tuple[Span, str, str]], start: int, end: int
) -> tuple[tuple[Piece, ...], ...]:
    """Return a stretch of the text by paragraph; of two marks on one place the first one shows."""
    text, paragraphs = draft.paper.text, []
    while start < end:
        stop = text.find("\n", start, end)
        stop = end if stop < 0 else stop
        if text[start:stop].strip():
            paragraphs.append(tuple(_line(text, marks, start, stop)))
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
