"""The steps of a sweep, in the order they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.preparing.event import prepare_events
from tasks.preparing.meeting import prepare_meetings
from tasks.preparing.report import prepare_reports
from tasks.proof.anchor import anchor
from tasks.proof.daily_check import check
from tasks.sweep.escalate import escalate
from tasks.sweep.materialise import materialise
from tasks.sweep.opening import open_duties
from tasks.sweep.recalendar import recalendar
from tasks.sweep.remind import remind

if TYPE_CHECKING:
    from collections.abc import Callable

    from ledger.session import Ledger
    from tasks.tick import Counts, Tick

    Step = Callable[[Ledger, Tick], Counts]

# The steps that go duty by duty, and so can be divided into shards by key.
CHASE: tuple[Step, ...] = (open_duties, remind, escalate)
STEPS: tuple[Step, ...] = (
    materialise,
    recalendar,
    *CHASE,
    prepare_meetings,  # last, so that failing material cannot stop the reminders
    prepare_events,
    prepare_reports,
    anchor,
)
# After the letters have left, so that nobody waits for it.
AFTERWARDS: tuple[Step, ...] = (check,)
