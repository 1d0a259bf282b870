"""How fast obligations become dated duties, beside dateutil.rrule."""

from __future__ import annotations

import datetime as dt
from collections import deque
from typing import TYPE_CHECKING

from dateutil.rrule import MONTHLY, rrule  # type: ignore[import-untyped]

from catalog import duty
from tests.bench import load
from tests.bench.measure import Figure, at_least, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.plan import Plan


def figures() -> Iterator[Figure]:
    plan = load.plan()
    count, peers = sum(1 for _ in _ours(plan)), sum(1 for _ in _rrule(plan))
    took = side_by_side(lambda: _exhaust(_ours(plan)), lambda: _exhaust(_rrule(plan)))
    yield Figure(
        work=f"expansion into {count:,} duties",
        unit="duties/s",
        ours=count / took[0],
        against=f"dateutil.rrule, {peers:,} bare dates",
        theirs=peers / took[1],
        goal=at_least(1_000_000, of="ours"),
    )


def _ours(plan: Plan) -> Iterator[duty.Duty]:
    duty._turns.cache_clear()  # the periods are part of the work
    return duty.expand(plan, since=plan.starts_on, until=plan.ends_on)


def _rrule(plan: Plan) -> Iterator[dt.datetime]:
    """Yield the due dates of every obligation once, with no key, party or opening."""
    start = dt.datetime.combine(plan.starts_on, dt.time())
    until = dt.datetime.combine(plan.ends_on, dt.time())
    for measure in plan.measures:
        for _ in measure.obligations:
            yield from rrule(MONTHLY, dtstart=start, until=until, bymonthday=-1, cache=False)


def _exhaust(walk: Iterator[object]) -> None:
    deque(walk, maxlen=0)
