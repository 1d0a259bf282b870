"""Material for reports: figures and duties of the measure, and totals of the whole plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reports.preparation import Draft, Figure, Tally
from ledger.duties import conditions, duties
from ledger.reports import overview
from tasks.preparing import prepare
from tasks.reports.targets import target_reports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.duties.duties import Duty
    from ledger.session import Ledger
    from tasks.preparing import DutyContext
    from tasks.tick import Counts, Tick


def prepare_reports(ledger: Ledger, tick: Tick) -> Counts:
    """Prepare a draft of every report that is due for preparation."""
    return prepare(ledger, tick, "report", draft)


def draft(context: DutyContext) -> Draft:
    """Return the draft of a report: readings, duties closed in its period, and open duties."""
    closed = [duty for duty in context.of_measure() if _closed_since(duty, context)]
    plan = overview.counts(context.conn, context.duty.plan, context.on)
    of_plan = conditions.of(plan=context.duty.plan)
    return Draft(
        **context.common_fields(),
        figures=tuple(_figures(context)),
        done=tuple(map(context.line, closed)),
        open=tuple(context.siblings()),
        plan=Tally(
            duties=plan.duties,
            opened=duties.count(context.conn, of_plan, conditions.open_by(context.on)),
            closed=plan.closed,
            late=plan.late,
        ),
    )


def _closed_since(duty: Duty, context: DutyContext) -> bool:
    return duty.closed_on is not None and duty.closed_on >= context.duty.opens_on


def _figures(context: DutyContext) -> Iterator[Figure]:
    """Yield the figures of the targets that the performer leads."""
    for report in target_reports(context.conn, context.duty.plan):
        if context.duty.performer == report.lead:
            place, target = report.place, report.target
            yield Figure(
                measure=report.measure.number,
                indicator=target.indicator,
                goal=f"{target.value:g}",
                unit=target.unit,
                by=target.by,
                year=place.year,
                value=None if place.actual is None else f"{place.actual:f}",
                verdict=place.verdict,
            )
