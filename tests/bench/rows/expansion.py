"""Expansion of obligations into dated duties, beside dateutil.rrule and recurring-ical-events."""

from __future__ import annotations

import datetime as dt
from collections import deque
from functools import partial
from typing import TYPE_CHECKING

import recurring_ical_events
from dateutil.rrule import MONTHLY, rrule  # type: ignore[import-untyped]
from icalendar import Calendar, Event

from catalog.plans import expand
from tests.bench import load
from tests.bench.measure import Figure, at_least, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from catalog.plans.model import Plan


DAY = dt.timedelta(1)


def figures() -> Iterator[Figure]:
    plan = load.plan()
    calendar = _calendar(plan)
    walks = (partial(_ours, plan), partial(_rrule, plan), partial(_events, calendar, plan))
    ours, *peers = [sum(1 for _ in walk()) for walk in walks]
    took = side_by_side(*(partial(_exhaust, walk) for walk in walks))
    names = (f"dateutil.rrule, {peers[0]:,} bare dates", f"recurring-ical-events, {peers[1]:,}")
    for name, count, seconds in zip(names, peers, took[1:], strict=True):
        yield Figure(
            work=f"expansion into {ours:,} duties",
            unit="duties/s",
            ours=ours / took[0],
            against=name,
            theirs=count / seconds,
            goal=at_least(1_000_000, of="ours"),
        )


def _ours(plan: Plan) -> Iterator[expand.DatedDuty]:
    expand._turned.cache_clear()  # the periods are part of the work
    return expand.expand(plan, since=plan.starts_on, until=plan.ends_on)


def _rrule(plan: Plan) -> Iterator[dt.datetime]:
    """Yield the due dates of every obligation once, with no key, party or opening."""
    start = dt.datetime.combine(plan.starts_on, dt.time())
    until = dt.datetime.combine(plan.ends_on, dt.time())
    for measure in plan.measures:
        for _ in measure.obligations:
            yield from rrule(MONTHLY, dtstart=start, until=until, bymonthday=-1, cache=False)


def _calendar(plan: Plan) -> Calendar:
    """Return a calendar with one event an obligation, which recurs on the last of each month."""
    calendar = Calendar()
    for measure in plan.measures:
        for obligation in measure.obligations:
            event = Event()
            event.add("uid", obligation.id)
            event.add("summary", obligation.title)
            event.add("dtstart", dt.date(plan.starts_on.year, 1, 31))
            event.add("rrule", {"freq": "monthly", "bymonthday": -1})
            calendar.add_component(event)
    return calendar


def _events(calendar: Calendar, plan: Plan) -> Iterator[object]:
    yield from recurring_ical_events.of(calendar).between(plan.starts_on, plan.ends_on + DAY)


def _exhaust(walk: Callable[[], Iterator[object]]) -> None:
    deque(walk(), maxlen=0)
