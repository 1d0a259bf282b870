"""Material for meetings: the open duties and questions of the measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reports.preparation import Agenda, Question, meeting_day
from ledger.duties import life
from tasks.preparing import prepare

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.preparing import DutyContext
    from tasks.tick import Counts, Tick


def prepare_meetings(ledger: Ledger, tick: Tick) -> Counts:
    """Prepare an agenda for every meeting that is due for preparation."""
    return prepare(ledger, tick, "meeting", agenda)


def agenda(context: DutyContext) -> Agenda:
    """Return the agenda of a meeting: open duties, the overdue first, and open questions."""
    items = context.siblings()
    return Agenda(
        **context.common_fields(),
        held_on=meeting_day(context.edition.workdays, context.duty.due_on, prepared_on=context.on),
        items=tuple(items),
        questions=tuple(
            Question(
                key=key,
                number=problem.number,
                text=problem.text,
                raised_by=problem.raised_by,
                raised_on=problem.raised_on,
            )
            for key in [context.duty.key, *(line.key for line in items)]
            for problem in life.problems(context.conn, key)
            if problem.answered_on is None
        ),
    )
