"""Sweep flow: the steps of one plan's day, in their order. A run twice or late changes nothing."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from prefect import flow
from prefect.runtime import flow_run

from flows import shard
from flows.deliver import deliver_round
from flows.event import event
from flows.meeting import meeting
from flows.report import report
from flows.run import events, runs, ticks
from flows.run.jurisdiction import ledger_of
from tasks.preparing import waiting
from tasks.preparing.event import prepare_events
from tasks.preparing.meeting import prepare_meetings
from tasks.preparing.report import prepare_reports
from tasks.proof.daily_check import check
from tasks.sweep.brake import brake
from tasks.sweep.steps import CHASE, STEPS
from tasks.tick import Counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prefect import Flow

    from catalog.reports.preparation import Kind
    from ledger.session import Ledger
    from tasks.sweep.steps import Step
    from tasks.tick import Tick

# Each kind of preparation is a flow of its own, run only when there is something to prepare.
PREPARING: Mapping[Step, tuple[Kind, Flow[..., int]]] = {
    prepare_meetings: ("meeting", meeting),
    prepare_events: ("event", event),
    prepare_reports: ("report", report),
}


def _part(step: Step) -> Step:
    """Return the callable for `step`: a Prefect task, or a run of the preparing flow."""
    if step in PREPARING:
        return partial(_prepare, *PREPARING[step])
    return runs.as_task(step)


def _prepare(kind: Kind, preparing: Flow[..., int], ledger: Ledger, tick: Tick) -> Counts:
    if not waiting(ledger, tick, kind):
        return Counts(prepared=0)
    return Counts(prepared=preparing(tick.plan, tick.on, ledger.settings.jurisdiction))


PARTS = tuple(map(_part, STEPS))
TIMEOUT = 90 * 60  # seconds: sweep and delivery end before it by themselves
CHECK = runs.as_task(check)  # last, so that neither reminders nor letters wait for it
SHARED = STEPS.index(CHASE[0])  # shards go first, then the sweep itself goes over everything


def _run_name() -> str:
    parameters = flow_run.parameters
    if parameters.get("on"):
        return runs.name_of_run()
    jurisdiction, plan = parameters.get("jurisdiction", ""), parameters["plan"]
    with ledger_of(jurisdiction) as ledger:
        return runs.named(jurisdiction, f"{plan} {ticks.tick(ledger, plan).on}")


@flow(name="sweep", flow_run_name=_run_name, timeout_seconds=TIMEOUT)
def sweep(
    plan: str,
    on: dt.date | None = None,
    jurisdiction: str = "",
    *,
    shards: int = 1,
    worth: int = shard.WORTH,
) -> dict[str, int]:
    """Sweep the plan of this code on the day `on` (default: today in its zone), then deliver.

    Safe to run twice, late, or after missed days. With `shards` over 1, and from `worth` due
    duties on, other workers sweep shares of it.
    """
    totals = Counts()
    parts: tuple[Step, ...] = (
        *PARTS[:SHARED],
        partial(shard.share, shards, worth),
        *PARTS[SHARED:],
    )
    with ledger_of(jurisdiction) as ledger:
        tick = ticks.tick(ledger, plan, on=on)
        brake(ledger, tick)
        before = runs.entries_so_far(ledger)
        try:
            for part in parts:
                tick.go_on(ledger)
                totals.update(part(ledger, tick))
            totals.update(deliver_round(ledger, tick.on))
            totals.update(CHECK(ledger, tick))
        finally:
            runs.show_totals(jurisdiction, f"sweep-{plan}", tick.on, totals)
            events.announce_sweep(ledger, tick, before, totals)
    return dict(totals)
