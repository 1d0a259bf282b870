"""Ways to run one piece of work in Prefect, timed inside a process that talks to a server.

`python -m tests.bench.prefect_runs` prints the seconds of each as JSON. The work is the same
everywhere: two steps over OBLIGATIONS obligations.
"""

from __future__ import annotations

import asyncio
import json
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from flows.sweep import sweep
from ledger.offices.installation import load_settings
from ledger.session import Ledger
from tests.bench import load
from tests.bench.measure import RUNS, seconds, wall
from tests.bench.rows.flow_runs import OBLIGATIONS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Coroutine, Sequence


def decide(obligations: Sequence[int]) -> list[str]:
    return [f"duty-{n}" for n in obligations]


def record(duties: Sequence[str]) -> int:
    return len(duties)


decide_task = task(cache_policy=NO_CACHE)(decide)
record_task = task(cache_policy=NO_CACHE)(record)


@flow
async def all_at_once() -> int:
    """Our way: one run, each step a task over the whole set."""
    return record_task(decide_task(range(OBLIGATIONS)))


@flow
async def tasks_for_each() -> int:
    return sum(record_task(decide_task([n])) for n in range(OBLIGATIONS))


@flow
async def bare_run(obligation: int) -> int:
    return record(decide([obligation]))


@flow
async def run_of_two_tasks(obligation: int) -> int:
    return record_task(decide_task([obligation]))


async def runs_for_each(run: Callable[[int], Coroutine[None, None, int]]) -> None:
    for n in range(OBLIGATIONS):
        await run(n)


def timed(*works: Callable[[], object]) -> float:
    """Return the median seconds, waiting included: the server works in its own process."""
    return median(seconds(work, clock=wall) for work in works)


def sweeps() -> float:
    """Time our own sweep, with delivery, artifacts and events, on days with OBLIGATIONS due."""
    first, *days = load.days(RUNS + 1)
    _sweep(first)
    return timed(*(partial(_sweep, on) for on in days))


def _sweep(on: dt.date) -> None:
    sweep(load.CODE, on)
    with Ledger.open(load_settings()) as ledger:
        load.lay_aside(ledger.settings.home, on)


def main() -> None:
    asyncio.run(all_at_once())  # the first run of a process also sets Prefect up
    results = {
        "all_at_once": timed(*[lambda: asyncio.run(all_at_once())] * RUNS),
        "sweep": sweeps(),
        "tasks_for_each": timed(lambda: asyncio.run(tasks_for_each())),
        "bare_runs": timed(lambda: asyncio.run(runs_for_each(bare_run))),
        "runs_of_two_tasks": timed(lambda: asyncio.run(runs_for_each(run_of_two_tasks))),
    }
    print(json.dumps(results))


if __name__ == "__main__":
    main()
