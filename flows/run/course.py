"""Runs of courses in Prefect: their ledger and day, their names and tags, their sheets."""

from __future__ import annotations

import datetime as dt  # noqa: TC003  Prefect reads the parameters of a flow
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from prefect import flow
from prefect.context import FlowRunContext
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from catalog.errors import ConflictError
from flows.run import runs, sheets, ticks
from flows.run.jurisdiction import ledger_of
from ledger.people import agencies
from ledger.post import contacts
from tasks import today
from tasks.in_force import in_force
from tasks.sweep import course

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from prefect import Flow

    from ledger.session import Connection, Ledger
    from tasks.sweep.steps import Step
    from tasks.tick import Counts, Tick

    Course = Flow[..., Coroutine[Any, Any, dict[str, int]]]

TIMEOUT = 45 * 60  # seconds: a course has the time of a sweep, and ends before by itself


def flow_of(steps: Callable[[], tuple[Step, ...]]) -> Course:
    """Return the flow that carries one obligation of a plan through `steps`, named as they are."""

    async def carry(
        plan: str, obligation: str, on: dt.date | None = None, jurisdiction: str = ""
    ) -> dict[str, int]:
        with ledger_of(jurisdiction) as ledger:
            tick = replace(ticks.tick(ledger, plan, on=on), obligation=obligation)
            _check_day(ledger, tick)
            totals = course.carry(ledger, tick, steps())
            get_run_logger().info(_summary(totals))
            with runs.showing(obligation):
                await sheets.show_obligation(ledger, tick)
        return dict(totals)

    # Not by functools.wraps, which would have Prefect read the parameters of `steps`.
    carry.__module__, carry.__name__ = steps.__module__, steps.__name__
    carry.__doc__ = steps.__doc__
    return flow(name=steps.__name__, flow_run_name=name_of_run, timeout_seconds=TIMEOUT)(carry)


def _check_day(ledger: Ledger, tick: Tick) -> None:
    """Refuse a day ahead in a demonstration but for a sweep, which notes the day for all duties."""
    run = FlowRunContext.get()
    if run and run.flow_run and run.flow_run.parent_task_run_id:
        return
    day = today.demo_day(ledger)
    if day is not None and tick.on > day:
        raise ConflictError("course-ahead", plan=tick.plan, on=tick.on, today=day)


def _summary(totals: Counts) -> str:
    """Return in one line what a course did."""
    counts = ", ".join(f"{name} {count}" for name, count in totals.items() if count)
    return counts or "nothing to do"


def name_of_run() -> str:
    """Return the name of a course's run as people say it: measure, obligation and day."""
    of = flow_run.parameters
    jurisdiction = of.get("jurisdiction", "")
    with ledger_of(jurisdiction) as ledger:
        day = of.get("on") or ticks.tick(ledger, of["plan"]).on
        with ledger.read() as conn:
            name = sheets.name_of(conn, of["plan"], of["obligation"])
    return runs.named(jurisdiction, f"{name} {day}")


def tags_of(conn: Connection, plan: str, obligation: str) -> frozenset[str]:
    """Return the tags of a course: its measure, lead and kind.

    Not the tag of every run of ours: an automation looks at each event of a run it matches.
    """
    measure, of = in_force(conn, plan).obligation(obligation)
    measure = agencies.measure_today(conn, plan, measure)
    lead = contacts.agencies(conn)[measure.lead].name
    return frozenset({f"measure:{measure.number}", f"lead:{lead}", f"kind:{of.kind}"})
