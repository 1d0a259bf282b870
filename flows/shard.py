"""Shard flow: a share of one large sweep, run by another worker.

A shard only gets a head start. It may run twice, late, half or never: the sweep that started it
then goes over everything itself.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from httpx import HTTPError
from prefect import flow
from prefect.client.orchestration import get_client
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from flows.run import runs, ticks
from flows.run.jurisdiction import ledger_of
from ledger.duties import duties
from ledger.plans import editions
from tasks.sweep.steps import CHASE
from tasks.tick import Counts, Keys

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from prefect.client.schemas.objects import FlowRun

    from ledger.session import Ledger
    from tasks.tick import Tick

DEPLOYMENT = "shard/duban"
WORTH = 50_000  # duties due from which starting other runs pays off
LOOK_EVERY = 1.0  # seconds
TIMEOUT = 45 * 60  # seconds: a shard has the time of a sweep, and ends before by itself
QUIET = 60.0  # seconds without a new history entry until a running shard counts as dead

PARTS = tuple(map(runs.as_task, CHASE))


@flow(name="shard", flow_run_name=runs.name_of_run, timeout_seconds=TIMEOUT)
def shard(
    plan: str,
    on: dt.date,
    *,
    at: dt.datetime,
    number: int,
    jurisdiction: str = "",
    after: str | None = None,
    through: str | None = None,
) -> dict[str, int]:
    """Sweep the duties with keys past `after` and up to `through`, as part `number` of a sweep.

    Does nothing when a later day has been swept already.
    """
    with ledger_of(jurisdiction) as ledger:
        with ledger.read() as conn:
            swept = editions.in_force(conn, plan).swept_through
        if swept is not None and swept > on:
            return {}
        tick = replace(ticks.tick(ledger, plan, on=on), at=at, keys=Keys(after, through))
        totals = _chase(ledger, tick)
    runs.show_totals(jurisdiction, f"sweep-{plan}-{number}", on, totals)
    return dict(totals)


def share(shards: int, worth: int, ledger: Ledger, tick: Tick) -> Counts:
    """Sweep one of `shards` equal ranges of the due duties while other runs sweep the others.

    Below `worth` duties due nothing is shared. Shards that have not begun when this one ends are
    not waited for. The counts are of this range only: each shard shows a table of its own.
    """
    ranges = _ranges(ledger, tick, shards, worth=worth)
    if len(ranges) < 2:  # noqa: PLR2004  nobody to share with
        return Counts()
    others = _begin(ledger.settings.jurisdiction, tick, ranges[1:])
    totals = _chase(ledger, replace(tick, keys=ranges[0]))
    _wait(ledger, tick, others)
    return totals


def _chase(ledger: Ledger, tick: Tick) -> Counts:
    totals = Counts()
    for part in PARTS:
        tick.go_on(ledger)
        totals.update(part(ledger, tick))
    return totals


def _ranges(ledger: Ledger, tick: Tick, shards: int, *, worth: int) -> list[Keys]:
    if shards < 2:  # noqa: PLR2004  as above
        return []
    with ledger.read() as conn:
        if duties.count_due(conn, plan=tick.plan, on=tick.on) < worth:
            return []
        lasts = duties.split_due(conn, shards, plan=tick.plan, on=tick.on)
    return [Keys(*ends) for ends in pairwise([None, *lasts[:-1], None])]


def _begin(jurisdiction: str, tick: Tick, ranges: Sequence[Keys]) -> list[UUID]:
    """Start a run for each range; the sweep itself does what Prefect cannot start."""
    started = []
    parameters = {"plan": tick.plan, "on": tick.on.isoformat(), "at": tick.at.isoformat()}
    parameters |= {"jurisdiction": jurisdiction} if jurisdiction else {}
    for number, keys in enumerate(ranges, 2):
        try:
            run = cast(
                "FlowRun",
                run_deployment(
                    DEPLOYMENT,
                    parameters={**parameters, "number": number, **keys._asdict()},
                    tags=runs.tags_of(jurisdiction, tick.plan),
                    idempotency_key=f"{flow_run.id}-{number}",  # a retried sweep starts it once
                    timeout=0,
                ),
            )
        except (ObjectNotFound, HTTPError) as error:
            get_run_logger().warning("the sweep goes on alone: %s", error)
            break
        started.append(run.id)
    return started


def _wait(ledger: Ledger, tick: Tick, shards: Sequence[UUID]) -> None:
    """Wait for the running shards as long as the history grows and the sweep has time."""
    entries_before, quiet = 0, 0.0
    while any(map(_is_running, shards)) and quiet < QUIET and not tick.end.is_over:
        time.sleep(LOOK_EVERY)
        entries = runs.entries_so_far(ledger)
        quiet = 0.0 if entries > entries_before else quiet + LOOK_EVERY
        entries_before = entries


def _is_running(run: UUID) -> bool:
    try:
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(run).state
    except (ObjectNotFound, HTTPError):
        return False
    return state is not None and state.is_running()
