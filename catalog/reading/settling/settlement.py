"""Settlement of a draft: the decisions of people about it, and what is still open."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import BaseModel, ValidationError

from catalog.errors import ConflictError, InvalidError, NotFoundError
from catalog.plans.contents import Aside, Obligation, Target
from catalog.plans.file import PlanFile
from catalog.reading.draft import HEAD, Proposal, add_proposal, answer_question, set_fields
from catalog.reading.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from catalog.reading.draft import Draft, DraftMeasure

Action = Literal["take", "answer", "correct", "drop", "add"]
DAYS = frozenset(
    (
        *("due_on", "opens_on", "since", "until", "anchor", "by", "on"),
        *("issued_on", "starts_on", "ends_on"),
    )
)


class Step(NamedTuple):
    """A decision: `about` is a question's id for an answer, else the subject of the decision.

    `fields` are {"reading": n} or typed fields, as JSON has them (see `plain` and `typed`). To add
    a proposal to a measure they also give its `shape` and the words it rests on, `says`.
    """

    deed: Action
    about: str
    fields: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Settlement:
    """A draft after some decisions, with what of it is `settled`."""

    draft: Draft
    settled: frozenset[str] = frozenset()

    @property
    def open(self) -> tuple[str, ...]:
        """The head, measures and proposals still to be settled, in the text's order."""
        return tuple(about for about in _abouts(self.draft) if about not in self.settled)

    @property
    def count(self) -> int:
        """The number of things to settle in all."""
        return sum(1 for _ in _abouts(self.draft))

    @property
    def is_settled(self) -> bool:
        """Tell whether the draft can become a plan."""
        return not self.open and not self.draft.questions


def settle(draft: Draft, steps: Iterable[Step]) -> Settlement:
    """Return the draft after `steps`, in their order.

    NotFoundError for what the draft does not have, ConflictError for taking what a question is
    open on, InvalidError for fields that no plan can hold.
    """
    stands = Settlement(draft)
    for step in steps:
        stands = settle_step(stands, step)
    return stands


def settle_step(stands: Settlement, step: Step) -> Settlement:
    """Return the draft after one more step."""
    if step.deed == "answer":
        return _answer(stands, step)
    if step.about not in set(_abouts(stands.draft)):
        raise NotFoundError("draft-nothing-there", about=step.about)
    if step.deed == "take":
        return _take(stands, step.about)
    if step.deed == "add":
        return _add(stands, step)
    fields = typed(step.fields)
    if step.deed == "drop":
        fields = {"drop": True, "reason": fields.get("reason", "")}
    draft = _checked(set_fields(stands.draft, step.about, fields), step.about)
    questions = tuple(ask for ask in draft.questions if ask.about != step.about)
    return Settlement(replace(draft, questions=questions), stands.settled | {step.about})


def _answer(stands: Settlement, step: Step) -> Settlement:
    """Return the draft with a question answered; the last one settles what it is about."""
    ask = next((ask for ask in stands.draft.questions if ask.id == step.about), None)
    if ask is None:
        raise NotFoundError("question-unknown", question=step.about)
    answer = step.fields.get("reading", typed(step.fields))
    draft = answer_question(stands.draft, ask.id, answer)
    if any(other.about == ask.about for other in draft.questions):
        return replace(stands, draft=draft)
    return Settlement(_checked(draft, ask.about), stands.settled | {ask.about})


def _take(stands: Settlement, about: str) -> Settlement:
    """Take one thing; with a measure all its proposals without a question."""
    questions = {ask.about for ask in stands.draft.questions}
    if about in questions:
        raise ConflictError("draft-still-asked", about=about)
    _checked(stands.draft, about)
    measure = next((m for m in stands.draft.measures if m.number == about), None)
    more = {p.id for p in measure.proposals} - questions if measure else set()
    return replace(stands, settled=stands.settled | {about} | more)


def _add(stands: Settlement, step: Step) -> Settlement:
    """Add a proposal of a person to a measure, settled as it is."""
    draft, fields = stands.draft, typed(step.fields)
    measure = next((m for m in draft.measures if m.number == step.about), None)
    if measure is None:
        raise NotFoundError("draft-nothing-there", about=step.about)
    shape, says = fields.pop("shape"), fields.pop("says") or ""
    ids = {proposal.id for proposal in measure.proposals}
    names = (f"{measure.number}.added-{n}" for n in range(1, len(ids) + 2))
    about = next(name for name in names if name not in ids)
    present = {name: value for name, value in fields.items() if value is not None}
    proposal = Proposal(about, shape, _place(draft, measure, says), (), present)
    more = _checked(add_proposal(draft, measure.number, proposal), about)
    return Settlement(more, stands.settled | {about})


def _place(draft: Draft, measure: DraftMeasure, says: str) -> Span:
    """Return the place of `says` whatever its blanks, in the measure rather than elsewhere."""
    words = r"\s*".join(map(re.escape, "".join(says.split())))
    places = [Span(*match.span()) for match in re.finditer(words, draft.paper.text) if words]
    if not places:
        raise InvalidError("draft-words", place=measure.number, says=says)
    return min(places, key=lambda at: (not measure.span.start <= at.start < measure.span.end, at))


def _abouts(draft: Draft) -> Iterator[str]:
    yield HEAD
    for measure in draft.measures:
        yield measure.number
        yield from (proposal.id for proposal in measure.proposals)


def _checked(draft: Draft, about: str) -> Draft:
    """Return the draft; InvalidError where no plan can hold its `about` as it is."""
    for measure in draft.measures:
        if measure.number == about:
            _check_measure(draft, measure)
        for proposal in measure.proposals:
            if proposal.id == about:
                _check_proposal(draft, proposal)
    return draft


def _check_measure(draft: Draft, measure: DraftMeasure) -> None:
    agencies = {agency.id for agency in draft.register.agencies}
    if measure.lead is None:
        raise InvalidError("draft-leadless", place=measure.number)
    for agency in (measure.lead, *measure.participants):
        if agency not in agencies:
            raise NotFoundError("agency-unknown", agency=agency)


def _check_proposal(draft: Draft, proposal: Proposal) -> None:
    kinds: dict[str, type[BaseModel]] = {
        "obligation": Obligation, "target": Target, "aside": Aside,
    }  # fmt: skip
    fields = {**proposal.fields, "says": draft.quote(proposal.says)}
    if proposal.shape != "aside":
        local = proposal.id.partition(".")[2]
        fields["id"] = proposal.id if proposal.shape == "obligation" else local
        fields["also"] = tuple(draft.quote(span) for span in proposal.also)
    try:
        kinds[proposal.shape].model_validate(fields)
    except ValidationError as error:
        raise PlanFile(proposal.id, {}, {(): draft.line(proposal.says)}).refusal(error) from error


def plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields as JSON can hold them."""
    return {key: _plain(value) for key, value in fields.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return plain(value) if isinstance(value, dict) else value


def typed(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return fields as a plan has them, from JSON."""
    return {key: _typed(key, value) for key, value in fields.items()}


def _typed(key: str, value: Any) -> Any:
    if isinstance(value, str) and key in DAYS:
        return date.fromisoformat(value)
    if isinstance(value, dict):
        return typed(value)
    return tuple(value) if isinstance(value, list) else value
