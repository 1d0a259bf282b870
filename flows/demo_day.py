"""Demonstration flow: moves the clock day by day; each day is swept, delivered and answered."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from prefect import flow, tags, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from pydantic import Field

from catalog.dates.days import A_DAY
from catalog.errors import ConflictError
from flows.run import runs, ticks
from flows.run.jurisdiction import ledger_of
from flows.sweep import sweep
from ledger.session import Ledger
from tasks import today
from tasks.demo.cast import acting
from tasks.demo.play import ANSWER_AFTER
from tasks.in_force import in_force
from tasks.tick import Counts, Tick


@task(name="cast", task_run_name="cast {tick.plan} {tick.on}", cache_policy=NO_CACHE)
def answer(ledger: Ledger, tick: Tick) -> Counts:
    """Let the cast of the demonstration act on this day."""
    with ledger.read() as conn:
        edition = in_force(conn, tick.plan)
    return acting.act(ledger, edition, replace(tick, at=tick.at + ANSWER_AFTER))


def _run_name() -> str:
    parameters = flow_run.parameters
    return runs.named(parameters.get("jurisdiction", ""), f"{parameters.get('days', 1)} on")


@flow(name="next-day", flow_run_name=_run_name)
def next_day(days: Annotated[int, Field(ge=1, le=366)] = 1, jurisdiction: str = "") -> str:
    """Move the demonstration on by `days` and return its new day.

    ConflictError in a ledger in real use, whose days pass by themselves.
    """
    with ledger_of(jurisdiction) as ledger:
        day = today.demo_day(ledger)
        if day is None:
            raise ConflictError("not-a-demonstration")
        for _ in range(days):
            day += A_DAY
            for plan in today.plans(ledger):
                with tags(*runs.tags_of(jurisdiction, plan)):
                    sweep(plan, day, jurisdiction)
                answer(ledger, ticks.tick(ledger, plan, on=day))
    return day.isoformat()
