"""What people have said about a draft, and what of it nobody has settled yet."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from pydantic import BaseModel, ValidationError

from catalog.errors import ConflictError, InvalidError, NotFoundError
from catalog.plans.contents import Aside, Obligation, Target
from catalog.plans.file import PlanFile
from catalog.reading.draft import HEAD, Proposal, Span, added, amended, settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from catalog.reading.draft import Draft, DraftMeasure

Said = Literal["take", "answer", "correct", "drop", "add"]
DAYS = frozenset(
    (
        *("due_on", "opens_on", "since", "until", "anchor", "by", "on"),
        *("issued_on", "starts_on", "ends_on"),
    )
)


class Step(NamedTuple):
    """One thing said: `about` is a question's id for an answer, else what a question can be about.

    `fields` are {"reading": n} or what was typed, as JSON has it (see `plain` and `typed`). To add
    a proposal to a measure they also tell its `shape` and the words it rests on, `says`.
    """

    deed: Said
    about: str
    fields: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Confirmed:
    """A draft as it stands after what was said; `taken` is what nobody need look at again."""

    draft: Draft
    taken: frozenset[str] = frozenset()

    @property
    def left(self) -> tuple[str, ...]:
        """What is still to be settled: the head, measures and proposals, in the text's order."""
        return tuple(about for about in _abouts(self.draft) if about not in self.taken)

    @property
    def count(self) -> int:
        """How many there are to be settled in all."""
        return sum(1 for _ in _abouts(self.draft))

    @property
    def is_settled(self) -> bool:
        """Whether the draft can become a plan."""
        return not self.left and not self.draft.questions


def confirmed(draft: Draft, steps: Iterable[Step]) -> Confirmed:
    """Return the draft after `steps`, in their order.

    Raises NotFoundError for what the draft does not have, ConflictError for taking what is still
    asked, InvalidError for fields that no plan can hold.
    """
    stands = Confirmed(draft)
    for step in steps:
        stands = after(stands, step)
    return stands


def after(stands: Confirmed, step: Step) -> Confirmed:
    """Return how a draft stands after one more step."""
    if step.deed == "answer":
        return _answered(stands, step)
    if step.about not in set(_abouts(stands.draft)):
        raise NotFoundError("draft-nothing-there", about=step.about)
    if step.deed == "take":
        return _taken(stands, step.about)
    if step.deed == "add":
        return _added(stands, step)
    fields = typed(step.fields)
    if step.deed == "drop":
        fields = {"drop": True, "reason": fields.get("reason", "")}
    draft = _checked(amended(stands.draft, step.about, fields), step.about)
    kept = tuple(ask for ask in draft.questions if ask.about != step.about)
    return Confirmed(replace(draft, questions=kept), stands.taken | {step.about})


def _answered(stands: Confirmed, step: Step) -> Confirmed:
    """Return the draft with a question answered; what it was about is settled by its last one."""
    ask = next((ask for ask in stands.draft.questions if ask.id == step.about), None)
    if ask is None:
        raise NotFoundError("question-unknown", question=step.about)
    answer = step.fields.get("reading", typed(step.fields))
    draft = settled(stands.draft, ask.id, answer)
    if any(left.about == ask.about for left in draft.questions):
        return replace(stands, draft=draft)
    return Confirmed(_checked(draft, ask.about), stands.taken | {ask.about})


def _taken(stands: Confirmed, about: str) -> Confirmed:
    """Take one thing; with a measure all its proposals that are not asked about."""
    asked = {ask.about for ask in stands.draft.questions}
    if about in asked:
        raise ConflictError("draft-still-asked", about=about)
    _checked(stands.draft, about)
    measure = next((m for m in stands.draft.measures if m.number == about), None)
    more = {p.id for p in measure.proposals} - asked if measure else set()
    return replace(stands, taken=stands.taken | {about} | more)


def _added(stands: Confirmed, step: Step) -> Confirmed:
    """Take up under a measure what nobody had proposed, settled as it is."""
    draft, fields = stands.draft, typed(step.fields)
    measure = next((m for m in draft.measures if m.number == step.about), None)
    if measure is None:
        raise NotFoundError("draft-nothing-there", about=step.about)
    shape, says = fields.pop("shape"), fields.pop("says") or ""
    known = {proposal.id for proposal in measure.proposals}
    names = (f"{measure.number}.added-{n}" for n in range(1, len(known) + 2))
    about = next(name for name in names if name not in known)
    given = {name: value for name, value in fields.items() if value is not None}
    proposal = Proposal(about, shape, _words(draft, measure, says), (), given)
    more = _checked(added(draft, measure.number, proposal), about)
    return Confirmed(more, stands.taken | {about})


def _words(draft: Draft, measure: DraftMeasure, says: str) -> Span:
    """Return where `says` stands, rather within the measure than elsewhere, its blanks apart."""
    words = r"\s*".join(map(re.escape, "".join(says.split())))
    found = [Span(*match.span()) for match in re.finditer(words, draft.paper.text) if words]
    if not found:
        raise InvalidError("draft-words", place=measure.number, says=says)
    return min(found, key=lambda at: (not measure.span.start <= at.start < measure.span.end, at))


def _abouts(draft: Draft) -> Iterator[str]:
    yield HEAD
    for measure in draft.measures:
        yield measure.number
        yield from (proposal.id for proposal in measure.proposals)


def _checked(draft: Draft, about: str) -> Draft:
    """Return the draft when `about` is as a plan may have it; InvalidError names what is not."""
    for measure in draft.measures:
        if measure.number == about:
            _check_measure(draft, measure)
        for proposal in measure.proposals:
            if proposal.id == about:
                _check_proposal(draft, proposal)
    return draft


def _check_measure(draft: Draft, measure: DraftMeasure) -> None:
    known = {agency.id for agency in draft.register.agencies}
    if measure.lead is None:
        raise InvalidError("draft-leadless", place=measure.number)
    for agency in (measure.lead, *measure.participants):
        if agency not in known:
            raise NotFoundError("agency_unknown", agency=agency)


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
    """Return fields as a plan has them, from what JSON held."""
    return {key: _typed(key, value) for key, value in fields.items()}


def _typed(key: str, value: Any) -> Any:
    if isinstance(value, str) and key in DAYS:
        return date.fromisoformat(value)
    if isinstance(value, dict):
        return typed(value)
    return tuple(value) if isinstance(value, list) else value
