"""When a plan is swept, and in what order: one run a day, a tick without a meaning of its own."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  # Prefect reads the annotations

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from prefect.tasks import exponential_backoff

from flows import clock, runs
from flows.deliver import deliver_round
from ledger.session import Ledger
from ledger.settings import load_settings
from tasks.steps import STEPS
from tasks.tick import Counts

STEP_TASKS = tuple(
    task(
        name=step.__name__,
        task_run_name=f"{step.__name__} {{tick.plan}} {{tick.on}}",
        cache_policy=NO_CACHE,
        retries=2,
        retry_delay_seconds=exponential_backoff(backoff_factor=10),
        retry_jitter_factor=0.5,
        retry_condition_fn=runs.worth_another_try,
    )(step)
    for step in STEPS
)


def _run_name() -> str:
    plan, on = flow_run.parameters["plan"], flow_run.parameters.get("on")
    if on:
        return f"{plan} {on}"
    with Ledger.open(load_settings()) as ledger:
        return f"{plan} {clock.tick(ledger, plan).on}"


@flow(name="sweep", flow_run_name=_run_name)
def sweep(plan: str, on: dt.date | None = None) -> dict[str, int]:
    """Sweep the plan of this code on the day `on` (default: today in its zone), then deliver.

    Run twice, late, or after missed days it changes nothing that should not change.
    """
    totals = Counts()
    with Ledger.open(load_settings()) as ledger:
        tick = clock.tick(ledger, plan, on=on)
        before = runs.entries_so_far(ledger)
        try:
            for step in STEP_TASKS:
                totals.update(step(ledger, tick))
            runs.announce_escalations(ledger, tick, before)
            totals.update(deliver_round(ledger, tick.on))
        finally:
            runs.show_totals(f"sweep-{plan}", tick.on, totals)
    return dict(totals)
