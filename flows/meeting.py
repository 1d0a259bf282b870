"""Meeting flow: the course of one obligation to meet, such as 每年召開1-2次 (40.meeting)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.run import course
from tasks.preparing.meeting import prepare_meetings
from tasks.sweep.escalate import escalate
from tasks.sweep.opening import open_duties
from tasks.sweep.remind import remind

if TYPE_CHECKING:
    from tasks.sweep.steps import Step


@course.flow_of
def meeting() -> tuple[Step, ...]:
    """Carry the meetings of one obligation through a day: what is due of them by then is done."""
    return (
        open_duties,  # as a period begins: a duty of its performer, lead and participants
        remind,  # they are told; then unsigned, 30, 7 and 1 days before it is due, and late
        escalate,  # a week late: a slip to the lead's head, then to the leader responsible
        prepare_meetings,  # ten working days before the first reminder: an agenda, and a day
    )
