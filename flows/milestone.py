"""Milestone flow: the course of one obligation with an end, such as 2013年底前 (29.three-in-one).

Milestones and documents to be drawn up (deliverables) take it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.run import course
from tasks.sweep.escalate import escalate
from tasks.sweep.opening import open_duties
from tasks.sweep.remind import remind

if TYPE_CHECKING:
    from tasks.sweep.steps import Step


@course.flow_of
def milestone() -> tuple[Step, ...]:
    """Carry one obligation with an end through a day: what is due of it by then is done."""
    return (
        open_duties,  # from the plan's issue on: a duty of each body that is to bring it about
        remind,  # they are told; then unsigned, 30, 7 and 1 days before the end, and late
        escalate,  # a week late: a slip to the lead's head, then to the leader responsible
    )
