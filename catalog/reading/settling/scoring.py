"""How near a draft comes to a plan that people have confirmed: what is right, asked and missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.reading.grammar.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from catalog.plans.contents import Measure, Obligation
    from catalog.plans.model import Plan
    from catalog.reading.draft import Draft, DraftMeasure, Proposal


class Score(NamedTuple):
    """Of `wanted` in the plan, how many the draft has right and how many it asks about.

    `settled` are those it proposes without a question; what of them is not right is `wrong`, each
    a line that says where.
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


def against(draft: Draft, plan: Plan) -> tuple[Score, ...]:
    """Return the scores of a draft, `plan` being right about everything."""
    dates = _of(draft, plan, "dates", _dates, _date)
    quotas = _of(draft, plan, "quotas", _quotas, _quota)
    return (
        _leads(draft, plan),
        dates,
        quotas,
        _sum("dates and quotas", dates, quotas),
        _of(draft, plan, "targets", _aims, _aim),
        _of(draft, plan, "without a date", _undated, _undated_one),
    )


def _sum(what: str, *scores: Score) -> Score:
    wanted, right = sum(s.wanted for s in scores), sum(s.right for s in scores)
    asked, settled = sum(s.asked for s in scores), sum(s.settled for s in scores)
    return Score(what, wanted, right, asked, settled, (), ())


def _leads(draft: Draft, plan: Plan) -> Score:
    drafted = {m.number: m for m in draft.measures}
    right = asked = settled = 0
    wrong: list[str] = []
    missed: list[str] = []
    for measure in plan.measures:
        ours = drafted.get(measure.number)
        if ours is None or ours.lead is None:
            asked += ours is not None
            missed.append(f"{measure.number}: {measure.lead}")
        elif ours.lead == measure.lead and {*ours.participants} == {*measure.participants}:
            right += 1
        else:
            wrong.append(f"{measure.number}: {ours.lead} {' '.join(ours.participants)}")
        settled += ours is not None and ours.lead is not None
    known = {m.number for m in plan.measures}
    wrong += [m.number for m in draft.measures if m.number not in known and m.lead]
    settled += len([m for m in draft.measures if m.number not in known and m.lead])
    return Score(
        "leads and participants",
        len(plan.measures),
        right,
        asked,
        settled,
        tuple(wrong),
        tuple(missed),
    )


def _of(
    draft: Draft,
    plan: Plan,
    what: str,
    wanted: Callable[[Plan, Measure], Iterator[tuple[Any, str]]],
    shape: Callable[[Draft, Proposal], Any],
) -> Score:
    """Compare what `shape` tells of the proposals with what the plan wants, by measure."""
    answers = {m.number: m for m in plan.measures}
    marked = _Marks()
    for measure in draft.measures:
        answer = answers.pop(measure.number, None)
        marked.measure(draft, measure, list(wanted(plan, answer)) if answer else [], shape)
    for left in answers.values():
        marked.lost(left.number, list(wanted(plan, left)))
    return marked.score(what)


class _Marks:
    """Counts what is right, asked, wrong and missed."""

    def __init__(self) -> None:
        self.total = self.right = self.asked = self.settled = 0
        self.wrong: list[str] = []
        self.missed: list[str] = []

    def measure(
        self,
        draft: Draft,
        measure: DraftMeasure,
        wanted: list[tuple[Any, str]],
        shape: Callable[[Draft, Proposal], Any],
    ) -> None:
        """Count one measure: equal ones on the same words first, then equal ones anywhere."""
        doubtful = {ask.about for ask in draft.questions}
        ours = [(shape(draft, p), p) for p in measure.proposals]
        told = [(s, p) for s, p in ours if s is not None and p.id not in doubtful]
        open_ = [(s, p) for s, p in ours if s is not None and p.id in doubtful]
        self.total += len(wanted)
        self.settled += len(told)
        for near in (True, False):
            for each in list(wanted):
                same = (t for t in told if t[0] == each[0])
                found = next(
                    (t for t in same if not near or _on(draft, measure, each[1], t[1])), None
                )
                if found:
                    told.remove(found)
                    wanted.remove(each)
                    self.right += 1
        for each in list(wanted):
            if asked := next((o for o in open_ if _on(draft, measure, each[1], o[1])), None):
                open_.remove(asked)
                wanted.remove(each)
                self.asked += 1
        self.wrong += [f"{p.id}: {draft.quote(p.says)} {_line(s)}" for s, p in told]
        self.missed += [f"{measure.number}: {says} {_line(s)}" for s, says in wanted]

    def lost(self, number: str, wanted: list[tuple[Any, str]]) -> None:
        """Count a measure the draft does not have."""
        self.total += len(wanted)
        self.missed += [f"{number}: {says} {_line(shape)}" for shape, says in wanted]

    def score(self, what: str) -> Score:
        """Return what was counted."""
        counted = (self.total, self.right, self.asked, self.settled)
        return Score(what, *counted, tuple(self.wrong), tuple(self.missed))


def _line(shape: Any) -> str:
    return " ".join(str(part) for part in shape if part is not None)


def _on(draft: Draft, measure: DraftMeasure, says: str, proposal: Proposal) -> bool:
    """Tell whether a proposal rests on some of the words the plan quotes."""
    text = draft.paper.text
    at = fold(text).find(fold(says), measure.span.start, measure.span.end)
    spans = (proposal.says, *proposal.also)
    return at >= 0 and any(s.start < at + len(says) and at < s.end for s in spans)


# --- what of a proposal must agree ---------------------------------------------------------------


def _date(draft: Draft, proposal: Proposal) -> Any:
    dated = proposal.shape == "obligation" and proposal.fields["basis"] == "plan"
    return _when(draft, proposal) if dated else None


def _undated_one(draft: Draft, proposal: Proposal) -> Any:
    undated = proposal.shape == "obligation" and proposal.fields["basis"] == "office"
    return _when(draft, proposal) if undated else None


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


# --- what the plan wants -------------------------------------------------------------------------


def _dates(plan: Plan, measure: Measure) -> Iterator[tuple[Any, str]]:
    return ((_turns(plan, o), o.says) for o in measure.obligations if o.basis == "plan")


def _undated(plan: Plan, measure: Measure) -> Iterator[tuple[Any, str]]:
    return ((_turns(plan, o), o.says) for o in measure.obligations if o.basis == "office")


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
