"""The plan in force, with everything a step of a sweep needs of it."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, cast

from catalog.duties import adhoc
from catalog.errors import NotFoundError
from catalog.plans.contents import Measure, Obligation
from catalog.plans.load import plan_in
from catalog.plans.model import under
from catalog.reports.preparation import prepares_on
from catalog.wording import say
from catalog.wording.script import language_of
from ledger.duties import assignments
from ledger.holiday_notices import calendar
from ledger.plans import editions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from catalog.dates.workdays import Workdays
    from catalog.duties.evidence_rules import Label
    from catalog.ladder.rungs import Ladder
    from catalog.plans.model import Plan
    from ledger.duties.duties import Duty
    from ledger.session import Connection


class InForce(NamedTuple):
    """An edition in force: its row, its plan and working days, and the plans of all editions.

    `ladders` are the ladders of its duties, by their digests; `beside` is what stands in place of
    measure and obligation for duties beside the plan, by its id.
    """

    row: editions.Edition
    plan: Plan
    workdays: Workdays
    editions: Mapping[int, Plan]
    ladders: Mapping[str, Ladder]
    beside: Mapping[str, tuple[Measure, Obligation]] = MappingProxyType({})

    def says(self, duty: Duty) -> str:
        """Return the words on which the duty rests: the plan's, in its edition, or its source."""
        return self.obligation_of(duty).says

    def obligation_of(self, duty: Duty) -> Obligation:
        """Return the obligation of the duty, in its edition."""
        if duty.obligation in self.beside:
            return self.beside[duty.obligation][1]
        return self.editions[duty.edition].obligation(duty.obligation)

    def measure_of(self, duty: Duty) -> Measure:
        """Return the measure of the duty, in its edition."""
        if duty.obligation in self.beside:
            return self.beside[duty.obligation][0]
        return self.editions[duty.edition].measure(duty.measure)

    def obligation(self, full_id: str) -> tuple[Measure, Obligation]:
        """Return an obligation with its measure, as in the last edition that has it.

        NotFoundError if no edition has it.
        """
        if full_id in self.beside:
            return self.beside[full_id]
        for _, plan in sorted(self.editions.items(), reverse=True):
            for measure in plan.measures:
                for obligation in measure.all_obligations:
                    if obligation.id == full_id:
                        return measure, obligation
        raise NotFoundError("obligation-unknown", obligation=full_id)

    def self_supervised(self, duty: Duty) -> bool:
        """Tell whether the performer hosts the office (docs/rules.md, The life of a duty)."""
        return duty.performer == self.plan.agency(self.plan.office).host

    def extends_to(self, duty: Duty) -> dt.date:
        """Return the last day to which the duty is extended without a document: the plan's end.

        One due after the plan's end by the plan itself, as a reading of its last year is, has no
        such day.
        """
        ends_on = self.plan.ends_on
        return dt.date.max if duty.due_on > ends_on and not duty.extensions else ends_on

    def prepare_on(self, duty: Duty) -> dt.date | None:
        """Return the day to prepare the material of `duty`, by its present dates.

        None if it has been prepared or needs nothing.
        """
        return None if duty.prepare_on is None else self.prepares_on(duty)

    def prepares_on(self, duty: Duty) -> dt.date | None:
        """Return the day for the material of `duty`, None if it needs nothing."""
        days = (duty.opens_on, duty.due_on)
        ladder, planned_on = self.ladders[duty.ladder], duty.planned_on
        return prepares_on(duty.kind, ladder, self.workdays, *days, planned_on=planned_on)


def in_force(conn: Connection, plan: str) -> InForce:
    """Return the edition of `plan` in force; NotFoundError if none is published."""
    rows = editions.of(conn, plan)
    row = next((row for row in rows if row.in_force), None)
    if row is None:
        raise NotFoundError("plan-not-in-force", plan=plan)
    workdays = calendar(conn, plan_in(row.document).workdays)
    published = {edition.edition: _under(edition.document, workdays) for edition in rows}
    document = published[row.edition]
    ladders = {plan.ladder.digest: plan.ladder for plan in published.values()}
    beside = dict(_beside(conn, document))
    return InForce(row, document, workdays, published, ladders, beside)


@lru_cache(maxsize=64)
def _under(document: str, workdays: Workdays) -> Plan:
    """Return a published plan with the working days of a ledger."""
    return under(plan_in(document), workdays)


def _beside(conn: Connection, plan: Plan) -> Iterator[tuple[str, tuple[Measure, Obligation]]]:
    """Yield what stands in place of measure and obligation for each duty beside the plan."""
    title = say(language_of(plan.title), "adhoc.title")
    for duty, assignment in assignments.of_plan(conn, plan.plan):
        measure = Measure.model_construct(
            number=adhoc.MEASURE,
            chapter=title,
            section=title,
            title=title,
            lead=duty.lead,
            participants=duty.participants,
        )
        obligation = Obligation.model_construct(
            id=duty.obligation,
            kind=duty.kind,
            title=duty.title,
            says=adhoc.words(assignment.source, assignment.document, assignment.dated_on),
            basis=duty.basis,
            due_on=duty.due_on,
            evidence=cast("tuple[Label, ...]", assignment.evidence) or None,
        )
        yield duty.obligation, (measure, obligation)
