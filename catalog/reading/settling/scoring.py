"""Scores of a draft against a plan that people have confirmed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.reading.grammar.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from catalog.plans.contents import Measure, Obligation
    from catalog.plans.model import Plan
    from catalog.reading.draft import Draft, DraftMeasure, Proposal


class Score(NamedTuple):
    """A score: of `wanted` in the plan, how many the draft has right and how many it asks about.

    `settled` are those it proposes without a question; `wrong` and `missed` have a line for each
    that is not right, with its place.
    """

    what: str
    wanted: int
    right: int
    asked: int
    settled: int
    wrong: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def precision(self) -> float:
        """The share of what is settled that is right; 1 where nothing is settled."""
        return self.right / self.settled if self.settled else 1.0

    @property
    def recall(self) -> float:
        """The share of what is wanted that is right; 1 where nothing is wanted."""
        return self.right / self.wanted if self.wanted else 1.0


def score_draft(draft: Draft, plan: Plan) -> tuple[Score, ...]:
    """Return the scores of a draft, `plan` being right about everything."""
    dates = _score(draft, plan, "dates", _dates, _date)
    quotas = _score(draft, plan, "quotas", _quotas, _quota)
    return (
        _leads(draft, plan),
        dates,
        quotas,
        _sum("dates and quotas", dates, quotas),
        _score(draft, plan, "targets", _aims, _aim),
        _score(draft, plan, "without a date", _undated, _undated_one),
    )


def _sum(what: str, *scores: Score) -> Score:
    counts = ((s.wanted, s.right, s.asked, s.settled) for s in scores)
    totals = dict(zip(Score._fields[1:5], map(sum, zip(*counts, strict=True)), strict=True))
    return Score(what, **totals, wrong=(), missed=())


def _leads(draft: Draft, plan: Plan) -> Score:
    tally = _Tally(wanted=len(plan.measures))
    measures = {m.number: m for m in draft.measures}
    for answer in plan.measures:
        measure = measures.pop(answer.number, None)
        if measure is None or measure.lead is None:
            tally.asked += measure is not None
            tally.missed.append(f"{answer.number}: {answer.lead}")
            continue
        tally.settled += 1
        if (measure.lead, {*measure.participants}) == (answer.lead, {*answer.participants}):
            tally.right += 1
        else:
            participants = " ".join(measure.participants)
            tally.wrong.append(f"{answer.number}: {measure.lead} {participants}")
    others = [m.number for m in measures.values() if m.lead]
    tally.wrong += others
    tally.settled += len(others)
    return tally.score("leads and participants")


def _score(
    draft: Draft,
    plan: Plan,
    what: str,
    answers_of: Callable[[Plan, Measure], Iterator[tuple[Any, str]]],
    shape: Callable[[Draft, Proposal], Any],
) -> Score:
    """Compare the shapes of the proposals with the answers of the plan, by measure."""
    measures = {m.number: m for m in plan.measures}
    tally = _Tally()
    for measure in draft.measures:
        answer = measures.pop(measure.number, None)
        answers = list(answers_of(plan, answer)) if answer else []
        tally.add_measure(draft, measure, answers, shape)
    for answer in measures.values():
        tally.add_missing(answer.number, list(answers_of(plan, answer)))
    return tally.score(what)


@dataclass
class _Tally:
    """Counts of one score."""

    wanted: int = 0
    right: int = 0
    asked: int = 0
    settled: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def add_measure(
        self,
        draft: Draft,
        measure: DraftMeasure,
        answers: list[tuple[Any, str]],
        shape: Callable[[Draft, Proposal], Any],
    ) -> None:
        """Count one measure: equal shapes on the same words first, then equal ones anywhere."""
        doubtful = {ask.about for ask in draft.questions}
        shapes = [(shape(draft, p), p) for p in measure.proposals]
        plain = [(s, p) for s, p in shapes if s is not None and p.id not in doubtful]
        open_ = [(s, p) for s, p in shapes if s is not None and p.id in doubtful]
        self.wanted += len(answers)
        self.settled += len(plain)
        for near in (True, False):
            for answer, says in list(answers):
                same = (each for each in plain if each[0] == answer)
                on = (e for e in same if not near or _rests_on(draft, measure, says, e[1]))
                if match := next(on, None):
                    plain.remove(match)
                    answers.remove((answer, says))
                    self.right += 1
        for answer, says in list(answers):
            on = (each for each in open_ if _rests_on(draft, measure, says, each[1]))
            if match := next(on, None):
                open_.remove(match)
                answers.remove((answer, says))
                self.asked += 1
        self.wrong += [f"{p.id}: {draft.quote(p.says)} {_line(s)}" for s, p in plain]
        self._miss(measure.number, answers)

    def add_missing(self, number: str, answers: list[tuple[Any, str]]) -> None:
        """Count a measure the draft does not have."""
        self.wanted += len(answers)
        self._miss(number, answers)

    def _miss(self, number: str, answers: list[tuple[Any, str]]) -> None:
        self.missed += [f"{number}: {says} {_line(shape)}" for shape, says in answers]

    def score(self, what: str) -> Score:
        """Return the counts as a score."""
        counts = (self.wanted, self.right, self.asked, self.settled)
        return Score(what, *counts, tuple(self.wrong), tuple(self.missed))


def _line(shape: Any) -> str:
    return " ".join(str(part) for part in shape if part is not None)


def _rests_on(draft: Draft, measure: DraftMeasure, says: str, proposal: Proposal) -> bool:
    """Tell whether a proposal rests on some of the words the plan quotes."""
    text = draft.paper.text
    at = fold(text).find(fold(says), measure.span.start, measure.span.end)
    spans = (proposal.says, *proposal.also)
    return at >= 0 and any(s.start < at + len(says) and at < s.end for s in spans)


# --- shapes of proposals ---------------------------------------------------------------


def _date(draft: Draft, proposal: Proposal) -> Any:
    dated = proposal.shape == "obligation" and proposal.fields["basis"] == "plan"
    return _when(draft, proposal) if dated else None


def _undated_one(draft: Draft, proposal: Proposal) -> Any:
    """Return the turn of a proposal that the text does not date, without the office's own day."""
    undated = proposal.shape == "obligation" and proposal.fields["basis"] == "office"
    return _without_day(_when(draft, proposal)) if undated else None


def _without_day(turn: Any) -> Any:
    return turn[0], *turn[2:]


def _when(draft: Draft, proposal: Proposal) -> Any:
    fields, issued_on = proposal.fields, draft.head["issued_on"]
    return (
        fields.get("recurrence", "once"),
        fields.get("due_on"),
        max(fields.get("opens_on") or issued_on, issued_on),
        fields.get("since"),
        fields.get("anchor"),
        _parties(fields.get("parties")),
    )


def _quota(_: Draft, proposal: Proposal) -> Any:
    quota = proposal.fields.get("quota")
    if proposal.shape != "obligation" or not quota:
        return None
    return quota["min"], quota.get("max"), proposal.fields.get("recurrence", "once")


def _aim(_: Draft, proposal: Proposal) -> Any:
    fields = proposal.fields
    if proposal.shape != "target":
        return None
    base = fields.get("baseline")
    return (
        fields["value"],
        fold(fields["unit"]),
        fields.get("by"),
        base and (base["value"], base["on"]),
        fields.get("measured", "level"),
        fields.get("bound", "reach"),
    )


# --- answers of the plan -------------------------------------------------------------------------


def _dates(plan: Plan, measure: Measure) -> Iterator[tuple[Any, str]]:
    return ((_turns(plan, o), o.says) for o in measure.obligations if o.basis == "plan")


def _undated(plan: Plan, measure: Measure) -> Iterator[tuple[Any, str]]:
    undated = (o for o in measure.obligations if o.basis == "office")
    return ((_without_day(_turns(plan, o)), o.says) for o in undated)


def _turns(plan: Plan, each: Obligation) -> Any:
    opens_on = max(each.opens_on or plan.issued_on, plan.issued_on)
    parties = _parties(each.parties)
    return each.recurrence, each.due_on, opens_on, each.since, each.anchor, parties


def _parties(agencies: Iterable[str] | None) -> str | None:
    return " ".join(sorted(agencies)) if agencies else None


def _quotas(_: Plan, measure: Measure) -> Iterator[tuple[Any, str]]:
    for each in measure.obligations:
        if each.quota:
            yield (each.quota.min, each.quota.max, each.recurrence), each.says


def _aims(_: Plan, measure: Measure) -> Iterator[tuple[Any, str]]:
    for each in measure.targets:
        base = each.baseline
        yield (
            (
                each.value,
                fold(each.unit),
                each.by,
                base and (base.value, base.on),
                each.measured,
                each.bound,
            ),
            each.says,
        )
