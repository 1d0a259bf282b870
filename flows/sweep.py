"""Sweep flow: the steps of one plan's day, in their order. A run twice or late changes nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

from httpx import HTTPError
from prefect import flow
from prefect.context import TagsContext
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from flows import shard
from flows.deliver import deliver_round
from flows.event import event
from flows.meeting import meeting
from flows.milestone import milestone
from flows.report import report
from flows.run import course, events, runs, sheets, ticks
from flows.run.jurisdiction import ledger_of
from flows.standing import standing
from ledger.duties import duties
from tasks.in_force import in_force
from tasks.sweep.brake import brake
from tasks.sweep.steps import AFTERWARDS, CHASE, STEPS
from tasks.tick import Counts

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping, Sequence

    from prefect import Flow

    from catalog.plans.contents import Kind
    from ledger.session import Ledger
    from tasks.sweep.steps import Step
    from tasks.tick import Tick

    Course = Flow[..., Coroutine[Any, Any, dict[str, int]]]

# The flow of each kind of obligation.
COURSES: Mapping[Kind, Course] = {
    "meeting": meeting,
    "event": event,
    "report": report,
    "target": report,
    "milestone": milestone,
    "deliverable": milestone,
    "standing": standing,
}
MOST_DUTIES = 5_000  # due; beyond them, or DUBAN_COURSES, the steps over all duties are quicker
PARTS = tuple(map(runs.as_task, STEPS))
TIMEOUT = 90 * 60  # seconds: sweep and delivery end before it by themselves
AFTER = tuple(map(runs.as_task, AFTERWARDS))  # and after the letters, which wait for none of it
SHARED = STEPS.index(CHASE[0])  # courses and shards first, then the sweep goes over everything


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

    Safe to run twice, late, or after missed days. The obligations with something to do have their
    courses first, as runs of their own; the steps over all duties then find little left. With
    `shards` over 1, and from `worth` due duties on, other workers sweep shares of it.
    """
    totals = Counts()
    parts: tuple[Step, ...] = (
        *PARTS[:SHARED],
        _courses,
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
            for part in AFTER:
                totals.update(part(ledger, tick))
            sheets.show_ahead(ledger, tick)
        finally:
            runs.show_totals(jurisdiction, f"sweep-{plan}", tick.on, totals)
            events.announce_sweep(ledger, tick, before, totals)
    return dict(totals)


def _courses(ledger: Ledger, tick: Tick) -> Counts:
    """Run the course of every obligation with something to do; none where there are too many."""
    with ledger.read() as conn:
        if duties.count_due(conn, plan=tick.plan, on=tick.on) > MOST_DUTIES:
            return Counts()
        edition = in_force(conn, tick.plan)
        due = duties.obligations_due(conn, plan=tick.plan, on=tick.on)
    if len(due) > ledger.settings.courses:
        return Counts()
    courses = [(COURSES[edition.obligation(each)[1].kind], each) for each in due]
    return asyncio.run(_carry(ledger, tick, courses))


async def _carry(ledger: Ledger, tick: Tick, courses: Sequence[tuple[Course, str]]) -> Counts:
    """Run each course; one that fails is logged, as the sweep's own steps do its work."""
    totals = Counts()
    for carry, obligation in courses:
        tick.go_on(ledger)
        with ledger.read() as conn:
            tags = course.tags_of(conn, tick.plan, obligation)
        try:
            with TagsContext(current_tags=tags):
                totals.update(
                    await carry(tick.plan, obligation, tick.on, ledger.settings.jurisdiction)
                )
        except HTTPError as error:
            get_run_logger().warning("the sweep goes on without courses: %s", error)
            break
        except Exception:  # noqa: BLE001  whatever it is, the day must be swept
            get_run_logger().warning("the course of %s failed", obligation, exc_info=True)
    return totals
