"""Standing flow: the course of one lasting obligation, of which progress is told each half-year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.run import course
from tasks.sweep.escalate import escalate
from tasks.sweep.opening import open_duties
from tasks.sweep.remind import remind

if TYPE_CHECKING:
    from tasks.sweep.steps import Step


@course.flow_of
def standing() -> tuple[Step, ...]:
    """Carry one lasting obligation through a day: what is due of it by then is done."""
    return (
        open_duties,  # as a half-year begins: a duty to say how the work goes
        remind,  # the lead is told; then unsigned, 30, 7 and 1 days before the end, and late
        escalate,  # a week late: a slip to the lead's head, then to the leader responsible
    )
