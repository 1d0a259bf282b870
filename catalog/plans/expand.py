"""Dated duties of a plan, with their performers, openings and due dates."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.recurrence import RECURRENCES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from catalog.dates.recurrence import Period
    from catalog.plans.contents import Measure, Obligation
    from catalog.plans.model import Plan


class DatedDuty(NamedTuple):
    """One dated instance of an obligation.

    `key` is plan/obligation/party/period and never holds a date that could move; `party` is the
    agency the plan fans out to, None where the lead performs; `period` is the period's label.
    """

    key: str
    obligation: Obligation
    measure: Measure
    party: str | None
    period: str
    opens_on: date
    due_on: date

    @property
    def performer(self) -> str:
        """The agency that must do it: the party, or the lead of the measure."""
        return self.party or self.measure.lead


def expand(plan: Plan, *, since: date, until: date) -> Iterator[DatedDuty]:
    """Yield the duties that open from `since` to `until`, both days included.

    None opens before the plan's issue date, and nothing due before that day is a duty
    (docs/rules.md, From phrase to date). Adjacent windows give the duties of the whole.
    """
    for measure in plan.measures:
        for obligation in measure.all_obligations:
            head = f"{plan.plan}/{obligation.id}/"
            parties = [(p, f"{head}{p or '-'}/") for p in obligation.parties or (None,)]
            for label, opens_on, due_on in _periods(plan, obligation):
                if since <= opens_on <= until:
                    for party, stem in parties:
                        yield DatedDuty(
                            stem + label, obligation, measure, party, label, opens_on, due_on
                        )


def _periods(plan: Plan, obligation: Obligation) -> tuple[Period, ...]:
    """Return the periods of an obligation over the whole term, cut at the issue date."""
    first = plan.issued_on if obligation.recurrence == "once" else plan.starts_on
    since = max(plan.issued_on, obligation.opens_on or obligation.since or first)
    until = min(plan.ends_on, obligation.due_on or obligation.until or plan.ends_on)
    return _turns(obligation.recurrence, since, until, obligation.anchor)


@lru_cache(maxsize=4096)
def _turns(recurrence: str, since: date, until: date, anchor: date | None) -> tuple[Period, ...]:
    return tuple(RECURRENCES[recurrence].periods(since, until, anchor=anchor))
