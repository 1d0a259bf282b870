"""The plan in force, read once and kept: every step of a sweep asks for it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.workdays import load_workdays
from catalog.errors import NotFoundError
from catalog.plans.model import Plan
from catalog.reports.preparation import prepares_on
from ledger.plans import editions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from catalog.dates.workdays import Workdays
    from catalog.ladder.rungs import Ladder
    from ledger.duties.duties import Duty
    from ledger.session import Connection


class InForce(NamedTuple):
    """An edition in force: its row, its plan and working days, and the plans of all editions.

    `ladders` are those a duty may be born under, by their digests.
    """

    row: editions.Edition
    plan: Plan
    workdays: Workdays
    editions: Mapping[int, Plan]
    ladders: Mapping[str, Ladder]

    def says(self, duty: Duty) -> str:
        """Return the words of the plan the duty rests on, in the edition it stands under."""
        return self.editions[duty.edition].obligation(duty.obligation).says

    def self_supervised(self, duty: Duty) -> bool:
        """Tell whether the performer hosts the office (docs/rules.md, The life of a duty)."""
        return duty.performer == self.plan.agency(self.plan.office).host

    def prepare_on(self, duty: Duty) -> dt.date | None:
        """Return the day the material of `duty` is to be prepared, as its dates now stand.

        None for what has been prepared, or needs nothing.
        """
        if duty.prepare_on is None:
            return None
        ladder = self.ladders[duty.ladder]
        return prepares_on(duty.kind, ladder, self.workdays, duty.opens_on, duty.due_on)


def in_force(conn: Connection, plan: str) -> InForce:
    """Return the edition of `plan` that is in force; NotFoundError when none is published."""
    rows = editions.of(conn, plan)
    row = next((row for row in rows if row.in_force), None)
    if row is None:
        raise NotFoundError("plan-not-in-force", plan=plan)
    published = {edition.edition: _plan(edition.document) for edition in rows}
    document = published[row.edition]
    ladders = {plan.ladder.digest: plan.ladder for plan in published.values()}
    return InForce(row, document, load_workdays(document.workdays), published, ladders)


@lru_cache(maxsize=64)
def _plan(document: str) -> Plan:
    return Plan.model_validate_json(document)
