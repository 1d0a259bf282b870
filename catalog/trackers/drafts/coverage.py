"""Coverage of a source by its plan, for a tracker and for any other document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.reading.grammar.folding import fold
from catalog.reading.settling import coverage
from catalog.reading.settling.coverage import Finding
from catalog.reading.who.register import Register
from catalog.trackers.drafts.drafting import draft
from catalog.trackers.drafts.plan_text import is_plan_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog.plans.contents import Measure
    from catalog.plans.model import Plan
    from catalog.reading.draft import Draft, DraftMeasure


def check(plan: Plan, source: str) -> list[Finding]:
    """Return what a plan leaves out of its source, adds to it or reads otherwise."""
    if not is_plan_text(source):
        return coverage.check(plan, source)
    tracker = draft(source, Register.of(plan), name=plan.plan, code=plan.plan, on=plan.issued_on)
    tasks = {measure.number: measure for measure in tracker.measures}
    measures = {measure.number: measure for measure in plan.measures}
    findings = [
        Finding(number, "source-measure-foreign", measure.title)
        for number, measure in measures.items()
        if number not in tasks
    ]
    for number, task in tasks.items():
        if number not in measures:
            findings.append(Finding(number, "source-measure-missing", task.title[:24]))
            continue
        faults = _faults(plan, measures[number], task, tracker)
        findings += (Finding(number, key, phrase) for key, phrase in faults)
    return findings


def _faults(
    plan: Plan, measure: Measure, task: DraftMeasure, tracker: Draft
) -> Iterator[tuple[str, str]]:
    """Yield the faults of a measure; what a question was open on is free."""
    if task.lead not in (None, measure.lead):
        yield "source-lead-differs", plan.agency(str(task.lead)).name
    if missing := {*task.participants} - {measure.lead, *measure.participants}:
        names = "、".join(plan.agency(agency).name for agency in sorted(missing))
        yield "source-participants-differ", names
    if not measure.obligations and not measure.targets and not measure.asides:
        yield "source-measure-empty", measure.title
    words = fold(tracker.quote(task.span))
    quotes = [each.says for each in measure.obligations]
    quotes += [each.says for each in measure.targets] + [each.says for each in measure.asides]
    for says in quotes:
        if fold(says) not in words:
            yield "source-quote-absent", says
    questions = {ask.about for ask in tracker.questions}
    for proposal in task.proposals:
        if proposal.id not in questions and not _is_taken(proposal.fields, measure):
            yield "source-date-differs", tracker.quote(proposal.says)


def _is_taken(fields: Mapping[str, Any], measure: Measure) -> bool:
    """Tell whether a measure has an obligation with the date or recurrence of a proposal."""
    recurrence, due_on = fields.get("recurrence", "once"), fields.get("due_on")
    return any(
        (each.recurrence, each.due_on) == (recurrence, due_on) for each in measure.obligations
    )
