"""Draft of a plan: the proposals for a document and the questions about it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from catalog.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.reading.document.lines import Paper
    from catalog.reading.span import Ask, Span
    from catalog.reading.who.register import Register

Shape = Literal["obligation", "target", "aside"]
HEAD = "plan"  # `about` of a question on the head of the plan


class Note(NamedTuple):
    """How words were read that are not plain: `key` names its text in the wording."""

    place: str
    key: str
    text: str
    reading: str = ""


@dataclass(frozen=True)
class Proposal:
    """An obligation, target or aside of a plan's file, with the words it rests on.

    `says` and `also` are places of the text; `fields` are the other fields of its table.
    """

    id: str
    shape: Shape
    says: Span
    also: tuple[Span, ...]
    fields: Mapping[str, Any]


@dataclass(frozen=True)
class DraftMeasure:
    """A measure of a draft; `lead` is None while it is a question."""

    number: str
    chapter: str
    section: str
    title: str
    span: Span
    lead: str | None
    participants: tuple[str, ...]
    proposals: tuple[Proposal, ...]


@dataclass(frozen=True)
class Draft:
    """The head of a plan, its measures, the questions still open and what was guessed."""

    paper: Paper
    register: Register
    head: Mapping[str, Any]
    measures: tuple[DraftMeasure, ...]
    questions: tuple[Ask, ...] = field(default=())
    notes: tuple[Note, ...] = ()

    def quote(self, span: Span) -> str:
        """Return the document's own words at a place."""
        return self.paper.text[span.start : span.end]

    def line(self, span: Span) -> int:
        """Return the line of the document a place is on."""
        return self.paper.line(span.start)


def answer_question(draft: Draft, question: str, answer: Mapping[str, Any] | int) -> Draft:
    """Return the draft with an answer to a question: the number of a reading, or fields.

    NotFoundError for a question that is not open, or a reading it does not offer.
    """
    ask = next((q for q in draft.questions if q.id == question), None)
    if ask is None:
        raise NotFoundError("question-unknown", question=question)
    if isinstance(answer, int):
        if not 0 <= answer < len(ask.readings):
            raise NotFoundError("reading-unknown", question=question, reading=answer)
        answer = ask.readings[answer]
    changed = set_fields(draft, ask.about, answer)
    return replace(changed, questions=tuple(q for q in changed.questions if q.id != question))


def add_proposal(draft: Draft, number: str, proposal: Proposal) -> Draft:
    """Return the draft with one more proposal under the measure of that number."""
    measures = (
        replace(m, proposals=(*m.proposals, proposal)) if m.number == number else m
        for m in draft.measures
    )
    return replace(draft, measures=tuple(measures))


def set_fields(draft: Draft, about: str, fields: Mapping[str, Any]) -> Draft:
    """Return the draft with fields of its head, a measure or a proposal set by a person."""
    if about == HEAD:
        return replace(draft, head={**draft.head, **fields})
    measures = tuple(
        _measure(m, fields) if m.number == about else _within(m, about, fields)
        for m in draft.measures
    )
    questions = draft.questions
    if fields.get("drop"):
        questions = tuple(q for q in questions if q.about != about)
    return replace(draft, measures=measures, questions=questions)


def _measure(measure: DraftMeasure, fields: Mapping[str, Any]) -> DraftMeasure:
    """Return a measure with its lead, or one more participant (`add`), or other fields set."""
    fields = dict(fields)
    lead = fields.pop("lead", measure.lead)
    others = (*fields.pop("participants", measure.participants), *fields.pop("add", ()))
    others = tuple(dict.fromkeys(other for other in others if other != lead))
    return replace(measure, lead=lead, participants=others, **fields)


def _within(measure: DraftMeasure, about: str, fields: Mapping[str, Any]) -> DraftMeasure:
    if not any(p.id == about for p in measure.proposals):
        return measure
    proposals = tuple(_proposal(p, fields) if p.id == about else p for p in measure.proposals)
    return replace(measure, proposals=proposals)


def _proposal(proposal: Proposal, fields: Mapping[str, Any]) -> Proposal:
    """Return a proposal with fields set; None takes one away, `drop` makes it an aside."""
    if fields.get("drop"):
        reason = {"reason": fields.get("reason", "")}
        return replace(proposal, shape="aside", also=(), fields=reason)
    merged = {**proposal.fields, **fields}
    return replace(proposal, fields={k: v for k, v in merged.items() if v is not None})
