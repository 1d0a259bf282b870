"""What has been proposed of one item so far, and which of its phrases are taken up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.reading.document.clauses import quoted
from catalog.reading.draft import Ask, Proposal, Shape, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from catalog.reading.document.structure import Item
    from catalog.reading.grammar.phrases import Mark


class Proposed(NamedTuple):
    """What an item asks for, at its places in the document's text."""

    proposals: tuple[Proposal, ...]
    asks: tuple[Ask, ...]


class Pen:
    """Writes down the proposals and questions of one item; places are those of the item's text."""

    def __init__(self, item: Item) -> None:
        self.item, self.text = item, item.text
        self._written: dict[str, Proposal] = {}
        self._asks: list[Ask] = []
        self._ids: Counter[str] = Counter()
        self._meant: set[Mark] = set()

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What has been proposed, in the order it was."""
        return tuple(self._written.values())

    def propose(
        self,
        shape: Shape,
        slug: str,
        marks: Sequence[Mark],
        fields: Mapping[str, Any],
        *,
        clause: Span,
    ) -> str:
        """Write a proposal that rests on the words around `marks`; return its id."""
        self._ids[slug] += 1
        self._meant.update(marks)
        local = slug if self._ids[slug] == 1 else f"{slug}-{self._ids[slug]}"
        name = f"{self.item.number}.{local}"
        says, left = quoted(self.text, marks, clause)
        present = {key: value for key, value in fields.items() if value is not None}
        self._written[name] = Proposal(name, shape, says, (), present)
        self.cover(name, left)
        return name

    def cover(self, name: str, marks: Iterable[Mark]) -> None:
        """Let a proposal quote further phrases, those apart that one quotation cannot hold."""
        for mark in marks:
            proposal = self._written[name]
            if not any(_holds(span, mark) for span in (proposal.says, *proposal.also)):
                span, _ = quoted(self.text, [mark], Span(mark.start, mark.end))
                self._written[name] = replace(proposal, also=(*proposal.also, span))

    def change(self, name: str, fields: Mapping[str, Any]) -> None:
        """Set fields of a proposal; None takes one away."""
        proposal = self._written[name]
        merged = {**proposal.fields, **fields}
        kept = {key: value for key, value in merged.items() if value is not None}
        self._written[name] = replace(proposal, fields=kept)

    def ask(
        self, key: str, about: str, span: Span, readings: Iterable[Mapping[str, Any]] = ()
    ) -> None:
        """Write down a question."""
        self._asks.append(Ask(key, about, span, tuple(readings)))

    def withdraw(self, key: str, about: str) -> None:
        """Take back a question that has been answered meanwhile."""
        self._asks = [ask for ask in self._asks if (ask.key, ask.about) != (key, about)]

    def means(self, mark: Mark) -> bool:
        """Tell whether a proposal rests on the phrase, and does not only quote it."""
        return mark in self._meant

    def takes(self, mark: Mark) -> bool:
        """Tell whether a proposal quotes the phrase."""
        return any(_holds(span, mark) for p in self.proposals for span in (p.says, *p.also))

    def quoting(self, mark: Mark) -> str:
        """Return the first proposal that quotes the phrase; StopIteration where none does."""
        spans = ((p.id, span) for p in self.proposals for span in (p.says, *p.also))
        return next(name for name, span in spans if _holds(span, mark))

    def result(self) -> Proposed:
        """Return everything in the order of the words, at places of the document."""
        proposals = sorted(self.proposals, key=lambda p: p.says)
        return Proposed(
            tuple(
                replace(p, says=self._at(p.says), also=tuple(map(self._at, p.also)))
                for p in proposals
            ),
            tuple(replace(ask, span=self._at(ask.span)) for ask in self._asks),
        )

    def _at(self, span: Span) -> Span:
        return Span(span.start + self.item.start, span.end + self.item.start)


def _holds(span: Span, mark: Mark) -> bool:
    return span.start <= mark.start and mark.end <= span.end
