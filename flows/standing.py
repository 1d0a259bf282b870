"""Standing flow: the course of one lasting obligation, of which progress is told each half-year."""

from __future__ import annotations

import datetime as dt

from prefect import flow

from flows.run import course
from tasks.sweep.escalate import escalate
from tasks.sweep.opening import open_duties
from tasks.sweep.remind import remind


@flow(name="standing", flow_run_name=course.name_of_run, timeout_seconds=course.TIMEOUT)
async def standing(
    plan: str, obligation: str, on: dt.date | None = None, jurisdiction: str = ""
) -> dict[str, int]:
    """Carry one lasting obligation through a day: what is due of it by then is done."""
    return await course.carry(
        plan,
        obligation,
        on,
        jurisdiction,
        open_duties,  # as a half-year begins: a duty to say how the work goes
        remind,  # the lead is told; then unsigned, 30, 7 and 1 days before the end, and late
        escalate,  # a week late: a slip to the lead's head, then to the leader responsible
    )
