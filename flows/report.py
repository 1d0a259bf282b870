"""Report flow: the course of one obligation to report, such as 按年度上報 (32.yearly-report).

The yearly readings of targets take it as well; they need no draft.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flows.run import course
from tasks.preparing.report import prepare_reports
from tasks.sweep.escalate import escalate
from tasks.sweep.opening import open_duties
from tasks.sweep.remind import remind

if TYPE_CHECKING:
    from tasks.sweep.steps import Step


@course.flow_of
def report() -> tuple[Step, ...]:
    """Carry the reports of one obligation through a day: what is due of them by then is done."""
    return (
        open_duties,  # as a period begins: a duty of the body that reports
        remind,  # it is told; then unsigned, 30, 7 and 1 days before it is due, and late
        escalate,  # a week late: a slip to the lead's head, then to the leader responsible
        prepare_reports,  # ten working days before the first reminder: a draft with the figures
    )
