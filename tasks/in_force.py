"""The plan in force, with everything a step of a sweep needs of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.workdays import load_workdays
from catalog.errors import NotFoundError
from catalog.plans.load import plan_in
from catalog.reports.preparation import prepares_on
from ledger.plans import editions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from catalog.dates.workdays import Workdays
    from catalog.ladder.rungs import Ladder
    from catalog.plans.contents import Measure, Obligation
    from catalog.plans.model import Plan
    from ledger.duties.duties import Duty
    from ledger.session import Connection


class InForce(NamedTuple):
    """An edition in force: its row, its plan and working days, and the plans of all editions.

    `ladders` are the ladders of its duties, by their digests.
    """

    row: editions.Edition
    plan: Plan
    workdays: Workdays
    editions: Mapping[int, Plan]
    ladders: Mapping[str, Ladder]

    def says(self, duty: Duty) -> str:
        """Return the words of the plan on which the duty rests, in the duty's edition."""
        return self.editions[duty.edition].obligation(duty.obligation).says

    def obligation(self, full_id: str) -> tuple[Measure, Obligation]:
        """Return an obligation with its measure, as in the last edition that has it.

        NotFoundError if no edition has it.
        """
        for _, plan in sorted(self.editions.items(), reverse=True):
            for measure in plan.measures:
                for obligation in measure.all_obligations:
                    if obligation.id == full_id:
                        return measure, obligation
        raise NotFoundError("obligation-unknown", obligation=full_id)

    def self_supervised(self, duty: Duty) -> bool:
        """Tell whether the performer hosts the office (docs/rules.md, The life of a duty)."""
        return duty.performer == self.plan.agency(self.plan.office).host

    def prepare_on(self, duty: Duty) -> dt.date | None:
        """Return the day to prepare the material of `duty`, by its present dates.

        None if it has been prepared or needs nothing.
        """
        if duty.prepare_on is None:
            return None
        ladder = self.ladders[duty.ladder]
        return prepares_on(duty.kind, ladder, self.workdays, duty.opens_on, duty.due_on)


def in_force(conn: Connection, plan: str) -> InForce:
    """Return the edition of `plan` in force; NotFoundError if none is published."""
    rows = editions.of(conn, plan)
    row = next((row for row in rows if row.in_force), None)
    if row is None:
        raise NotFoundError("plan-not-in-force", plan=plan)
    published = {edition.edition: plan_in(edition.document) for edition in rows}
    document = published[row.edition]
    ladders = {plan.ladder.digest: plan.ladder for plan in published.values()}
    return InForce(row, document, load_workdays(document.workdays), published, ladders)
