"""Figures, and the timing of work beside the work it is compared with."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5
cpu, wall = time.process_time, time.perf_counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """The goal of a figure: for its ratio, or for our own value."""

    of: Literal["ratio", "ours"]
    bound: Literal["at most", "at least"]
    value: float


def at_most(value: float, *, of: Literal["ratio", "ours"] = "ratio") -> Goal:
    return Goal(of=of, bound="at most", value=value)


def at_least(value: float, *, of: Literal["ratio", "ours"] = "ratio") -> Goal:
    return Goal(of=of, bound="at least", value=value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table: `ours` and `theirs` in `unit`, medians of `runs` runs in turn."""

    work: str
    unit: str
    ours: float
    against: str = ""
    theirs: float | None = None
    goal: Goal | None = None
    runs: int = RUNS

    @property
    def ratio(self) -> float | None:
        return self.ours / self.theirs if self.theirs else None

    @property
    def met(self) -> bool | None:
        """Tell whether the goal is reached; None where there is none."""
        if self.goal is None:
            return None
        value = self.ours if self.goal.of == "ours" else self.ratio
        assert value is not None
        return (
            value <= self.goal.value if self.goal.bound == "at most" else value >= self.goal.value
        )


def side_by_side(
    *works: Callable[[], object],
    runs: int = RUNS,
    clock: Callable[[], float] = cpu,
) -> list[float]:
    """Return the median seconds of each work; they take turns, so noise hits all alike."""
    durations: list[list[float]] = [[] for _ in works]
    for _ in range(runs):
        for work, times in zip(works, durations, strict=True):
            times.append(seconds(work, clock=clock))
    return [median(times) for times in durations]


def seconds(work: Callable[[], object], *, clock: Callable[[], float] = cpu) -> float:
    """Return the seconds of `work` by `clock`, without garbage collection, as timeit does.

    CPU time, unless the work waits for somebody.
    """
    gc.collect()
    gc.disable()
    try:
        began = clock()
        work()
        return clock() - began
    finally:
        gc.enable()
