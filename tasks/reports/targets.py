"""The targets of a plan, each with its readings and its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.plans.trajectory import figure, place
from ledger.people import agencies
from ledger.reports import readings
from tasks.in_force import in_force

if TYPE_CHECKING:
    from catalog.plans.contents import Measure, Target
    from catalog.plans.trajectory import Place
    from ledger.reports.readings import Reading
    from ledger.session import Connection


class TargetReport(NamedTuple):
    """A target under its full id ("8.emerging-share"), its readings, and its place.

    `lead` is the agency that answers for it now; `place` tells whether it is on course.
    """

    plan: str
    id: str
    measure: Measure
    lead: str
    target: Target
    readings: list[Reading]
    place: Place


def target_reports(conn: Connection, plan: str) -> list[TargetReport]:
    """Return the targets of the edition in force, in the plan's order."""
    edition, heirs = in_force(conn, plan).plan, agencies.heirs(conn)
    figures = readings.listed(conn, plan)
    reports = []
    for measure in edition.measures:
        lead = heirs.of(measure.lead, plan, measure.number)
        for target in measure.targets:
            full = f"{measure.number}.{target.id}"
            own = [reading for reading in figures if reading.target == full]
            last = {reading.year: figure(reading.value) for reading in own}
            at = place(target, last, starts_on=edition.starts_on)
            reports.append(TargetReport(plan, full, measure, lead, target, own, at))
    return reports
