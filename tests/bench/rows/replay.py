"""Replay of the real plan's whole ladder in memory: time, and the share of each floor."""

from __future__ import annotations

import cProfile
import pstats
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from catalog.ladder.due import look
from catalog.ladder.timeline import timeline
from catalog.plans import expand
from catalog.plans.load import load_plan
from tasks.plans.replay import replay
from tests.bench.measure import Figure, at_most, side_by_side

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.plans.model import Plan

PLAN = "guangdong-2013"
ROOT = Path(__file__).parents[3]
FLOORS = ("catalog", "ledger", "tasks")
BELOW = "below (sqlite3, SQLAlchemy, json)"


def figures() -> Iterator[Figure]:
    plan = load_plan(PLAN)
    days = (plan.ends_on - plan.issued_on).days + 1
    yield Figure(
        work=f"replay of {PLAN}, {days} days",
        unit="s",
        ours=side_by_side(lambda: _fresh(plan))[0],
        goal=at_most(5.0, of="ours"),
    )
    for floor, share in _shares(plan).most_common():
        yield Figure(work=f"replay: spent in {floor}", unit="%", ours=share * 100, runs=1)


def _fresh(plan: Plan) -> None:
    """Replay as a new process would, without caches."""
    for cache in (expand._turned, look, timeline):
        cache.cache_clear()
    replay(plan)


def _shares(plan: Plan) -> Counter[str]:
    """Return the share of each floor's own code by a profiler."""
    profile = cProfile.Profile()
    profile.runcall(_fresh, plan)
    spent: Counter[str] = Counter()
    for (file, _, _), (_, _, own, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        spent[_floor(file)] += own
    whole = spent.total()
    return Counter({floor: own / whole for floor, own in spent.items()})


def _floor(file: str) -> str:
    path = Path(file)
    floor = path.relative_to(ROOT).parts[0] if path.is_relative_to(ROOT) else BELOW
    return floor if floor in FLOORS else BELOW
