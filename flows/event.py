"""Event flow: the course of one obligation to hold events, such as 每年組織30-40場 (8.events)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.run import course
from tasks.preparing.event import prepare_events
from tasks.sweep.escalate import escalate
from tasks.sweep.opening import open_duties
from tasks.sweep.remind import remind

if TYPE_CHECKING:
    from tasks.sweep.steps import Step


@course.flow_of
def event() -> tuple[Step, ...]:
    """Carry the events of one obligation through a day: what is due of them by then is done."""
    return (
        open_duties,  # as a period begins: a duty with its quota, of each performer
        remind,  # they are told; then at each quarter's end that finds too few held, and by days
        escalate,  # a week late and still too few: a slip to the lead's head, then to the leader
        prepare_events,  # from the first day: how many an even pace has held by each month's end
    )
