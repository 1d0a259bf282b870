"""When a plan is swept, and in what order: one run a day, a tick without a meaning of its own."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # Prefect reads the annotations
from functools import partial
from typing import TYPE_CHECKING

from prefect import flow
from prefect.runtime import flow_run

from flows import clock, runs, shard
from flows.deliver import deliver_round
from flows.event import event
from flows.meeting import meeting
from flows.report import report
from ledger.session import Ledger
from ledger.settings import load_settings
from tasks.brake import brake
from tasks.preparing import waiting
from tasks.preparing.event import prepare_events
from tasks.preparing.meeting import prepare_meetings
from tasks.preparing.report import prepare_reports
from tasks.steps import CHASE, STEPS
from tasks.tick import Counts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalog.preparation import Kind
    from tasks.steps import Step
    from tasks.tick import Tick

# What is prepared has a flow of its own for each kind, and a run only when there is something.
PREPARING: Mapping[Step, tuple[Kind, Callable[[str, dt.date], int]]] = {
    prepare_meetings: ("meeting", meeting),
    prepare_events: ("event", event),
    prepare_reports: ("report", report),
}


def _part(step: Step) -> Step:
    """Return what the flow runs for `step`: a task, or a run of the flow that prepares."""
    if step in PREPARING:
        return partial(_prepare, *PREPARING[step])
    return runs.as_task(step)


def _prepare(
    kind: Kind, flow_of_kind: Callable[[str, dt.date], int], ledger: Ledger, tick: Tick
) -> Counts:
    waits = waiting(ledger, tick, kind)
    return Counts(prepared=flow_of_kind(tick.plan, tick.on) if waits else 0)


PARTS = tuple(map(_part, STEPS))
SHARED = STEPS.index(CHASE[0])  # what can be shared out is, before it is gone over whole


def _run_name() -> str:
    plan, on = flow_run.parameters["plan"], flow_run.parameters.get("on")
    if on:
        return f"{plan} {on}"
    with Ledger.open(load_settings()) as ledger:
        return f"{plan} {clock.tick(ledger, plan).on}"


@flow(name="sweep", flow_run_name=_run_name)
def sweep(
    plan: str, on: dt.date | None = None, shards: int = 1, worth: int = shard.WORTH
) -> dict[str, int]:
    """Sweep the plan of this code on the day `on` (default: today in its zone), then deliver.

    Run twice, late, or after missed days it changes nothing that should not change. With `shards`
    over 1, and from `worth` duties due on, other workers take their shares of it.
    """
    totals = Counts()
    parts: tuple[Step, ...] = (
        *PARTS[:SHARED],
        partial(shard.share, shards, worth),
        *PARTS[SHARED:],
    )
    with Ledger.open(load_settings()) as ledger:
        tick = clock.tick(ledger, plan, on=on)
        brake(ledger, tick)
        before = runs.entries_so_far(ledger)
        try:
            for part in parts:
                totals.update(part(ledger, tick))
            runs.announce_escalations(ledger, tick, before)
            totals.update(deliver_round(ledger, tick.on))
        finally:
            runs.show_totals(f"sweep-{plan}", tick.on, totals)
    return dict(totals)
