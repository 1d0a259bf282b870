"""Proposals of one item as they are written, and the phrases they quote."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.reading.document.clauses import quotation
from catalog.reading.draft import Proposal, Shape
from catalog.reading.span import Ask, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
    """Writes the proposals and questions of one item; places are those of the item's text."""

    def __init__(self, item: Item) -> None:
        self._item = item
        self._proposals: dict[str, Proposal] = {}
        self._asks: list[Ask] = []
        self._slugs: Counter[str] = Counter()
        self._grounds: set[Mark] = set()

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """The proposals in the order they were written."""
        return tuple(self._proposals.values())

    def write(self, entry: Entry) -> str:
        """Write a proposal with its questions; return its id."""
        marks = [*entry.marks, *(mark for mark in entry.documents if not self.quotes(mark))]
        self._grounds.update(marks)
        self._slugs[entry.slug] += 1
        count = self._slugs[entry.slug]
        name = f"{self._item.number}.{entry.slug}" + (f"-{count}" if count > 1 else "")
        says, beyond = quotation(self._item.text, marks, entry.place)
        self._proposals[name] = Proposal(name, entry.shape, says, (), _present(entry.fields))
        self.cover(name, [*beyond, *entry.also])
        self._asks += (replace(ask, about=name) for ask in entry.asks)
        return name

    def cover(self, name: str, marks: Iterable[Mark]) -> None:
        """Let a proposal quote further phrases, those apart that one quotation cannot hold."""
        for mark in marks:
            proposal = self._proposals[name]
            if not any(_holds(span, mark) for span in (proposal.says, *proposal.also)):
                span, _ = quotation(self._item.text, [mark], Span(mark.start, mark.end))
                self._proposals[name] = replace(proposal, also=(*proposal.also, span))

    def change(self, name: str, fields: Mapping[str, Any]) -> None:
        """Set fields of a proposal; None takes one away."""
        proposal = self._proposals[name]
        self._proposals[name] = replace(proposal, fields=_present({**proposal.fields, **fields}))

    def ask(self, ask: Ask) -> None:
        """Write a question."""
        self._asks.append(ask)

    def withdraw(self, key: str, about: str) -> None:
        """Remove a question that has been answered meanwhile."""
        self._asks = [ask for ask in self._asks if (ask.key, ask.about) != (key, about)]

    def rests_on(self, mark: Mark) -> bool:
        """Tell whether a proposal rests on the phrase, and does not only quote it."""
        return mark in self._grounds

    def quotes(self, mark: Mark) -> bool:
        """Tell whether a proposal quotes the phrase."""
        return any(self._quoting(mark))

    def quoting(self, mark: Mark) -> str:
        """Return the first proposal that quotes the phrase; StopIteration where none does."""
        return next(self._quoting(mark))

    def _quoting(self, mark: Mark) -> Iterator[str]:
        spans = ((p.id, span) for p in self.proposals for span in (p.says, *p.also))
        return (name for name, span in spans if _holds(span, mark))

    def result(self) -> Proposals:
        """Return everything in the order of the words, at places of the document."""
        proposals = sorted(self.proposals, key=lambda p: p.says)
        return Proposals(
            tuple(
                replace(p, says=self._at(p.says), also=tuple(map(self._at, p.also)))
                for p in proposals
            ),
            tuple(replace(ask, span=self._at(ask.span)) for ask in self._asks),
        )

    def _at(self, span: Span) -> Span:
        return Span(span.start + self._item.start, span.end + self._item.start)


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value is not None}


def _holds(span: Span, mark: Mark) -> bool:
    return span.start <= mark.start and mark.end <= span.end
