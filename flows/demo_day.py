"""How a demonstration's clock moves: each day is swept, delivered, and answered by its cast."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from prefect import flow, tags, task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run
from pydantic import Field

from catalog.dates.days import A_DAY
from catalog.errors import ConflictError
from flows.stack import clock, opening, runs
from flows.sweep import sweep
from ledger.session import Ledger  # noqa: TC001  # Prefect reads the annotations
from tasks import today
from tasks.demo import cast
from tasks.demo.play import ANSWER_AFTER
from tasks.in_force import in_force
from tasks.tick import Counts, Tick  # noqa: TC001  # Prefect reads the annotations


@task(name="cast", task_run_name="cast {tick.plan} {tick.on}", cache_policy=NO_CACHE)
def answer(ledger: Ledger, tick: Tick) -> Counts:
    """Let the agencies of the demonstration do their part on this day."""
    with ledger.read() as conn:
        held = in_force(conn, tick.plan)
    return cast.act(ledger, held, replace(tick, at=tick.at + ANSWER_AFTER))


def _run_name() -> str:
    told = flow_run.parameters
    return runs.named(told.get("jurisdiction", ""), f"{told.get('days', 1)} on")


@flow(name="next-day", flow_run_name=_run_name)
def next_day(days: Annotated[int, Field(ge=1, le=366)] = 1, jurisdiction: str = "") -> str:
    """Move the demonstration `days` on and return the day it then stands at.

    ConflictError in a ledger of real use: its days pass by themselves.
    """
    with opening.ledger_of(jurisdiction) as ledger:
        day = today.demo_day(ledger)
        if day is None:
            raise ConflictError("not-a-demonstration")
        for _ in range(days):
            day += A_DAY
            for plan in today.plans(ledger):
                with tags(*runs.tags_of(jurisdiction, plan)):
                    sweep(plan, day, jurisdiction)
                answer(ledger, clock.tick(ledger, plan, on=day))
    return day.isoformat()
