"""Dated duties of a plan, with their performers, openings and due dates."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.edges import END, START
from catalog.dates.recurrence import RECURRENCES
from catalog.plans.contents import Quota

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from catalog.dates.edges import Edge
    from catalog.dates.recurrence import Period
    from catalog.dates.workdays import Workdays
    from catalog.plans.contents import Contents, Measure, Obligation


class DatedDuty(NamedTuple):
    """One dated instance of an obligation.

    `key` is plan/obligation/party/period and never holds a date that could move; `party` is the
    agency the plan fans out to, None where the lead performs; `period` is the period's label, and
    `covers_from` and `covers_until` are its days, None where the obligation does not recur.
    `quota` is that of this period.
    """

    key: str
    obligation: Obligation
    measure: Measure
    party: str | None
    period: str
    opens_on: date
    due_on: date
    covers_from: date | None = None
    covers_until: date | None = None
    quota: Quota | None = None

    @property
    def performer(self) -> str:
        """The agency that must do it: the party, or the lead of the measure."""
        return self.party or self.measure.lead


def expand(plan: Contents, *, since: date, until: date) -> Iterator[DatedDuty]:
    """Yield the duties whose period begins from `since` to `until`, both days included.

    A period begins on the first day of it in which the plan is in force, an obligation that does
    not recur on the day it opens. None opens before the plan's issue date, and nothing due before
    that day is a duty (docs/rules.md, From phrase to date). Adjacent windows give the duties of the
    whole. An obligation without a date has none.
    """
    for measure in plan.measures:
        for obligation in measure.all_obligations:
            head = f"{plan.plan}/{obligation.id}/"
            parties = [(p, f"{head}{p or '-'}/") for p in obligation.parties or (None,)]
            for begins_on, dated in _dated(plan, measure, obligation):
                if since <= begins_on <= until:
                    for party, stem in parties:
                        yield dated._replace(key=stem + dated.period, party=party)


def _dated(
    plan: Contents, measure: Measure, obligation: Obligation
) -> Iterator[tuple[date, DatedDuty]]:
    """Yield the beginning of each period with its duty, before the parties are told apart."""
    whole = obligation.first_part == "whole"
    for period in periods(plan, obligation):
        covers_from = period.begins_on if whole else period.covers_from
        covers = (covers_from, period.covers_until) if obligation.recurrence != "once" else ()
        dated = DatedDuty(
            "", obligation, measure, None, period.label, period.opens_on, period.due_on, *covers
        )
        yield period.covers_from, dated._replace(quota=_quota(obligation, period))


def periods(plan: Contents, obligation: Obligation) -> tuple[Period, ...]:
    """Return the periods of an obligation over the whole term, cut at the issue date.

    Each opens and is due on its own days, which may lie outside of the time it covers.
    """
    if obligation.is_undated:
        return ()
    first = plan.issued_on if obligation.recurrence == "once" else plan.starts_on
    since = max(plan.issued_on, obligation.opens_on or obligation.since or first)
    until = min(plan.ends_on, obligation.due_on or obligation.until or plan.ends_on)
    days = (since, until, obligation.anchor, obligation.opens, obligation.due)
    turned = (obligation.opens, obligation.due) != (START, END)
    workdays = plan.calendar if turned else None
    return _turned(_Turning(obligation.recurrence, *days, workdays, plan.issued_on))


class _Turning(NamedTuple):
    """All that the periods of an obligation depend on."""

    recurrence: str
    since: date
    until: date
    anchor: date | None
    opens: Edge
    due: Edge
    workdays: Workdays | None
    issued_on: date


@lru_cache(maxsize=4096)
def _turned(of: _Turning) -> tuple[Period, ...]:
    whole = tuple(RECURRENCES[of.recurrence].periods(of.since, of.until, anchor=of.anchor))
    if of.workdays is None:
        return whole
    first = of.issued_on
    turned = (turn(period, of.opens, of.due, of.workdays) for period in whole)
    dated = (p._replace(opens_on=max(p.opens_on, first)) for p in turned if p.due_on >= first)
    return tuple(p._replace(opens_on=min(p.opens_on, p.due_on)) for p in dated)


def turn(period: Period, opens: Edge, due: Edge, workdays: Workdays) -> Period:
    """Return the period with the days on which it opens and is due, in whatever order."""
    days = (period.covers_from, period.covers_until)
    return period._replace(opens_on=opens.day(*days, workdays), due_on=due.day(*days, workdays))


def _quota(obligation: Obligation, period: Period) -> Quota | None:
    """Return the quota of a period: in a first part-period its share, rounded up, if so chosen."""
    quota = obligation.quota
    if quota is None or obligation.first_part != "share":
        return quota
    whole = (period.covers_until - period.begins_on).days + 1
    left = (period.covers_until - period.covers_from).days + 1
    least, most = (n and -(-n * left // whole) for n in (quota.min, quota.max))
    return Quota(min=least or 1, max=most)
