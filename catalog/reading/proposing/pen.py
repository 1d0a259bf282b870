"""Proposals of one item as they are written, and the phrases they quote."""

from __future__ import annotations

import bisect
from collections import Counter, defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.reading.document.clauses import QUOTE, quotation
from catalog.reading.draft import Proposal, Shape
from catalog.reading.span import Ask, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from catalog.reading.document.structure import Item
    from catalog.reading.grammar.matching import Mark


class Entry(NamedTuple):
    """A proposal to write: its fields, the phrases it rests on and the stretch it quotes from.

    It rests on `documents` too where no other proposal quotes them, and quotes those of `also`.
    `asks` are questions about it; the pen fills in their `about`. `slug` begins its id.
    """

    shape: Shape
    slug: str
    marks: Sequence[Mark]
    fields: Mapping[str, Any]
    place: Span
    documents: Sequence[Mark] = ()
    also: Sequence[Mark] = ()
    asks: Sequence[Ask] = ()


class Proposals(NamedTuple):
    """The proposals and questions of an item, at their places in the document's text."""

    proposals: tuple[Proposal, ...]
    asks: tuple[Ask, ...]


class Pen:
    """Writes the proposals and questions of one item; places are those of the item's text.

    Indexes find the proposals of a place and of a day, so that writing one costs the same
    however many there are.
    """

    def __init__(self, item: Item) -> None:
        self._item = item
        self._proposals: dict[str, Proposal] = {}
        self._asks: list[Ask] = []
        self._withdrawn: set[tuple[str, str]] = set()
        self._slugs: Counter[str] = Counter()
        self._grounds: set[Mark] = set()
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}
        self._says, self._quotes = _Places(), _Places()
        self._undated: dict[str, None] = {}
        self._by_day: defaultdict[date | None, list[int]] = defaultdict(list)

    @property
    def last(self) -> str | None:
        """The id of the proposal written last."""
        return self._names[-1] if self._names else None

    @property
    def undated(self) -> tuple[Proposal, ...]:
        """The proposals whose date is left to the office, in the order they were written."""
        return tuple(self._proposals[name] for name in self._undated)

    def write(self, entry: Entry) -> str:
        """Write a proposal with its questions; return its id."""
        marks = [*entry.marks, *(mark for mark in entry.documents if not self.quotes(mark))]
        self._grounds.update(marks)
        self._slugs[entry.slug] += 1
        count = self._slugs[entry.slug]
        name = f"{self._item.number}.{entry.slug}" + (f"-{count}" if count > 1 else "")
        says, beyond = quotation(self._item.text, marks, entry.place)
        self._numbers[name] = len(self._names)
        self._names.append(name)
        self._says.add(says, name)
        self._quotes.add(says, name)
        self._put(Proposal(name, entry.shape, says, (), _present(entry.fields)))
        self.cover(name, [*beyond, *entry.also])
        self._asks += (replace(ask, about=name) for ask in entry.asks)
        return name

    def cover(self, name: str, marks: Iterable[Mark]) -> None:
        """Let a proposal quote further phrases, those apart that one quotation cannot hold."""
        for mark in marks:
            if name not in self._quoting(mark):
                proposal = self._proposals[name]
                span, _ = quotation(self._item.text, [mark], Span(mark.start, mark.end))
                self._quotes.add(span, name)
                self._proposals[name] = replace(proposal, also=(*proposal.also, span))

    def change(self, name: str, fields: Mapping[str, Any]) -> None:
        """Set fields of a proposal; None takes one away."""
        proposal = self._proposals[name]
        self._put(replace(proposal, fields=_present({**proposal.fields, **fields})))

    def _put(self, proposal: Proposal) -> None:
        self._proposals[proposal.id] = proposal
        self._undated.pop(proposal.id, None)
        if proposal.fields.get("basis") == "office":
            self._undated[proposal.id] = None
        for day in _days(proposal):
            bisect.insort(self._by_day[day], self._numbers[proposal.id])

    def ask(self, ask: Ask) -> None:
        """Write a question."""
        self._asks.append(ask)

    def withdraw(self, key: str, about: str) -> None:
        """Remove a question that has been answered meanwhile."""
        self._withdrawn.add((key, about))

    def rests_on(self, mark: Mark) -> bool:
        """Tell whether a proposal rests on the phrase, and does not only quote it."""
        return mark in self._grounds

    def quotes(self, mark: Mark) -> bool:
        """Tell whether a proposal quotes the phrase."""
        return bool(self._quoting(mark))

    def quotes_from(self, words: Span) -> bool:
        """Tell whether a proposal quotes some of the words of a stretch."""
        near = self._quotes.beginning(Span(max(0, words.start - QUOTE), words.end))
        return any(span.end > words.start for span, _ in near)

    def quoting(self, mark: Mark) -> str:
        """Return the first proposal that quotes the phrase; ValueError where none does."""
        return min(self._quoting(mark), key=self._numbers.__getitem__)

    def _quoting(self, mark: Mark) -> set[str]:
        within = Span(max(0, mark.end - QUOTE), mark.start + 1)
        return {name for span, name in self._quotes.beginning(within) if _holds(span, mark)}

    def resting_on(self, words: Span) -> str | None:
        """Return the last proposal that rests on words of a stretch."""
        names = (name for _, name in self._says.beginning(words))
        return max(names, key=self._numbers.__getitem__, default=None)

    def due_on(self, days: Iterable[date | None]) -> str | None:
        """Return the last proposal that is due on one of `days`."""
        last = max(map(self._last_on, days), default=-1)
        return self._names[last] if last >= 0 else None

    def _last_on(self, day: date | None) -> int:
        """Return the number of the last proposal due on a day, -1 where there is none."""
        numbers = self._by_day[day]
        while numbers and day not in _days(self._proposals[self._names[numbers[-1]]]):
            numbers.pop()  # it has been given another date
        return numbers[-1] if numbers else -1

    def result(self) -> Proposals:
        """Return everything in the order of the words, at places of the document."""
        proposals = sorted(self._proposals.values(), key=lambda p: p.says)
        return Proposals(
            tuple(
                replace(p, says=self._at(p.says), also=tuple(map(self._at, p.also)))
                for p in proposals
            ),
            tuple(
                replace(ask, span=self._at(ask.span))
                for ask in self._asks
                if (ask.key, ask.about) not in self._withdrawn
            ),
        )

    def _at(self, span: Span) -> Span:
        return Span(span.start + self._item.start, span.end + self._item.start)


class _Places:
    """Quotations by the place where they begin, each with the id of its proposal."""

    def __init__(self) -> None:
        self._buckets: defaultdict[int, list[tuple[Span, str]]] = defaultdict(list)

    def add(self, span: Span, name: str) -> None:
        """Add a quotation."""
        self._buckets[span.start // QUOTE].append((span, name))

    def beginning(self, within: Span) -> Iterator[tuple[Span, str]]:
        """Yield the quotations that begin in a stretch."""
        for bucket in range(within.start // QUOTE, within.end // QUOTE + 1):
            for span, name in self._buckets.get(bucket, ()):
                if within.start <= span.start < within.end:
                    yield span, name


def _days(proposal: Proposal) -> set[date | None]:
    return {proposal.fields.get("due_on"), proposal.fields.get("by")}


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def _holds(span: Span, mark: Mark) -> bool:
    return span.start <= mark.start and mark.end <= span.end
