"""Sweep flow: the steps of one plan's day, in their order. A run twice or late changes nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

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
from tasks.time_limit import Deadline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog.plans.contents import Kind
    from flows.run.course import Course
    from ledger.session import Ledger
    from tasks.sweep.steps import Step
    from tasks.tick import Tick

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
MOST_SECONDS = 10 * 60  # of courses; the rest of the sweep's time is for the steps
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
        finally:
            events.announce_sweep(ledger, tick, before, totals)
            runs.show_totals(jurisdiction, f"sweep-{plan}", tick.on, totals)
        with runs.showing("the days ahead"):
            sheets.show_ahead(ledger, tick)
    return dict(totals)


def _courses(ledger: Ledger, tick: Tick) -> Counts:
    """Run the course of every obligation with something to do; none where there are too many.

    Whatever stops them is logged, as the sweep's own steps do their work.
    """
    with ledger.read() as conn:
        if duties.count_due(conn, plan=tick.plan, on=tick.on) > MOST_DUTIES:
            return Counts()
        due = duties.obligations_due(conn, plan=tick.plan, on=tick.on)
    return asyncio.run(_carry(ledger, tick, due if len(due) <= ledger.settings.courses else []))


async def _carry(ledger: Ledger, tick: Tick, obligations: Sequence[str]) -> Counts:
    """Run each course until MOST_SECONDS have passed, however slow Prefect is."""
    totals, end, log = Counts(), Deadline(MOST_SECONDS), get_run_logger()
    for number, obligation in enumerate(obligations):
        if end.is_over:
            log.warning("no time left for %d courses", len(obligations) - number)
            break
        try:
            totals.update(await _course(ledger, tick, obligation))
        except HTTPError as error:
            log.warning("the sweep goes on without courses: %s", error)
            break
        except Exception:
            log.warning("the course of %s failed", obligation, exc_info=True)
    return totals


async def _course(ledger: Ledger, tick: Tick, obligation: str) -> dict[str, int]:
    with ledger.read() as conn:
        _, of = in_force(conn, tick.plan).obligation(obligation)
        tags = course.tags_of(conn, tick.plan, obligation)
    with TagsContext(current_tags=tags):
        carry = COURSES[of.kind]
        return await carry(tick.plan, obligation, tick.on, ledger.settings.jurisdiction)
