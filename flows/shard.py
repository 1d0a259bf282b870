"""How one large sweep is shared: other workers chase ranges of its keys while it chases its own.

A shard is a head start and nothing more. It may run twice, late, half or never: the sweep that
asked for it goes over everything itself afterwards, and does what must be done once.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # Prefect reads the annotations
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

from flows.stack import clock, opening, runs
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
WORTH = 50_000  # duties due from which the start of other runs is made good
LOOK_EVERY = 1.0  # seconds
QUIET = 60.0  # seconds without a new entry after which a running shard is taken for dead

PARTS = tuple(map(runs.as_task, CHASE))


@flow(name="shard", flow_run_name=runs.name_of_run)
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
    """Chase the duties with keys past `after` and up to `through`, as part `number` of a sweep.

    A run so late that a later day has been swept has nothing left to do.
    """
    with opening.ledger_of(jurisdiction) as ledger:
        with ledger.read() as conn:
            swept = editions.in_force(conn, plan).swept_through
        if swept is not None and swept > on:
            return {}
        tick = replace(clock.tick(ledger, plan, on=on), at=at, keys=Keys(after, through))
        totals = _chase(ledger, tick)
    runs.show_totals(jurisdiction, f"sweep-{plan}-{number}", on, totals)
    return dict(totals)


def share(shards: int, worth: int, ledger: Ledger, tick: Tick) -> Counts:
    """Chase one of `shards` equal ranges of what is due here, while other runs chase theirs.

    Below `worth` duties due nothing is shared. Shards that have not begun when ours is done are
    not waited for. The counts are ours alone: each shard shows a table of its own.
    """
    ranges = _ranges(ledger, tick, shards, worth=worth)
    if len(ranges) < 2:  # noqa: PLR2004
        return Counts()
    asked = _begin(ledger.settings.jurisdiction, tick, ranges[1:])
    totals = _chase(ledger, replace(tick, keys=ranges[0]))
    _wait(ledger, asked)
    return totals


def _chase(ledger: Ledger, tick: Tick) -> Counts:
    totals = Counts()
    for part in PARTS:
        totals.update(part(ledger, tick))
    return totals


def _ranges(ledger: Ledger, tick: Tick, shards: int, *, worth: int) -> list[Keys]:
    if shards < 2:  # noqa: PLR2004
        return []
    with ledger.read() as conn:
        if duties.count_due(conn, plan=tick.plan, on=tick.on) < worth:
            return []
        lasts = duties.split_due(conn, shards, plan=tick.plan, on=tick.on)
    return [Keys(*ends) for ends in pairwise([None, *lasts[:-1], None])]


def _begin(jurisdiction: str, tick: Tick, ranges: Sequence[Keys]) -> list[UUID]:
    """Ask for a run of each range; what Prefect cannot start is left to the sweep itself."""
    begun = []
    told = {"plan": tick.plan, "on": tick.on.isoformat(), "at": tick.at.isoformat()}
    told |= {"jurisdiction": jurisdiction} if jurisdiction else {}
    for number, keys in enumerate(ranges, 2):
        try:
            run = cast(
                "FlowRun",
                run_deployment(
                    DEPLOYMENT,
                    parameters={**told, "number": number, **keys._asdict()},
                    tags=runs.tags_of(jurisdiction, tick.plan),
                    idempotency_key=f"{flow_run.id}-{number}",  # a sweep tried again asks only once
                    timeout=0,
                ),
            )
        except (ObjectNotFound, HTTPError) as error:
            get_run_logger().warning("the sweep goes on alone: %s", error)
            break
        begun.append(run.id)
    return begun


def _wait(ledger: Ledger, asked: Sequence[UUID]) -> None:
    """Wait for the shards that run, as long as they do something."""
    seen, quiet = 0, 0.0
    while any(map(_is_running, asked)) and quiet < QUIET:
        time.sleep(LOOK_EVERY)
        entries = runs.entries_so_far(ledger)
        quiet = 0.0 if entries > seen else quiet + LOOK_EVERY
        seen = entries


def _is_running(run: UUID) -> bool:
    try:
        with get_client(sync_client=True) as client:
            state = client.read_flow_run(run).state
    except (ObjectNotFound, HTTPError):
        return False
    return state is not None and state.is_running()
