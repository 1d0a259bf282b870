"""Milestone flow: the course of one obligation with an end, such as 2013年底前 (36.platforms).

Milestones and documents to be drawn up (deliverables) take it.
"""

from __future__ import annotations

import datetime as dt

from prefect import flow

from flows.run import course
from tasks.sweep.escalate import escalate
from tasks.sweep.opening import open_duties
from tasks.sweep.remind import remind


@flow(name="milestone", flow_run_name=course.name_of_run, timeout_seconds=course.TIMEOUT)
async def milestone(
    plan: str, obligation: str, on: dt.date | None = None, jurisdiction: str = ""
) -> dict[str, int]:
    """Carry one obligation with an end through a day: what is due of it by then is done."""
    return await course.carry(
        plan,
        obligation,
        on,
        jurisdiction,
        open_duties,  # from the plan's issue on: a duty of each body that is to bring it about
        remind,  # they are told; then unsigned, 30, 7 and 1 days before the end, and late
        escalate,  # a week late: a slip to the lead's head, then to the leader responsible
    )
