"""Event flow: the course of one obligation to hold events, such as 每年組織30-40場 (8.events)."""

from __future__ import annotations

import datetime as dt

from prefect import flow

from flows.run import course
from tasks.preparing.event import prepare_events
from tasks.sweep.escalate import escalate
from tasks.sweep.opening import open_duties
from tasks.sweep.remind import remind


@flow(name="event", flow_run_name=course.name_of_run, timeout_seconds=course.TIMEOUT)
async def event(
    plan: str, obligation: str, on: dt.date | None = None, jurisdiction: str = ""
) -> dict[str, int]:
    """Carry the events of one obligation through a day: what is due of them by then is done."""
    return await course.carry(
        plan,
        obligation,
        on,
        jurisdiction,
        open_duties,  # as a period begins: a duty with its quota, of each performer
        remind,  # they are told; then at each quarter's end that finds too few held, and by days
        escalate,  # a week late and still too few: a slip to the lead's head, then to the leader
        prepare_events,  # from the first day: how many an even pace has held by each month's end
    )
