"""A report's material: the figures and duties it speaks of, and how the whole plan stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reports.preparation import Draft, Figure, Tally
from ledger.reports import overview
from tasks.preparing import prepare
from tasks.reports.targets import target_reports

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.duties.duties import Duty
    from ledger.session import Ledger
    from tasks.preparing import View
    from tasks.tick import Counts, Tick


def prepare_reports(ledger: Ledger, tick: Tick) -> Counts:
    """Prepare a draft of every report whose day has come."""
    return prepare(ledger, tick, "report", draft)


def draft(view: View) -> Draft:
    """Return what a report is written from: readings, what was closed in its time, what is open."""
    done = (duty for duty in view.of_measure() if _closed_since(duty, view))
    plan = overview.counts(view.conn, view.duty.plan, view.on)
    return Draft(
        **view.said(),
        figures=tuple(_figures(view)),
        done=tuple(map(view.line, done)),
        open=tuple(view.siblings()),
        plan=Tally(duties=plan.duties, opened=plan.opened, closed=plan.closed, late=plan.late),
    )


def _closed_since(duty: Duty, view: View) -> bool:
    return duty.closed_on is not None and duty.closed_on >= view.duty.opens_on


def _figures(view: View) -> Iterator[Figure]:
    """Yield the targets whose figures the performer may speak of: its own, or all it leads."""
    for found in target_reports(view.conn, view.duty.plan):
        if view.duty.performer == found.lead:
            place, target = found.place, found.target
            yield Figure(
                measure=found.measure.number,
                indicator=target.indicator,
                goal=f"{target.value:g}",
                unit=target.unit,
                by=target.by,
                year=place.year,
                value=None if place.actual is None else f"{place.actual:f}",
                verdict=place.verdict,
            )
