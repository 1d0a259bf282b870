"""A meeting's material: the agenda is what is open and what was asked under its measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.reports.preparation import Agenda, Question, meeting_day
from ledger.duties import life
from tasks.preparing import prepare

if TYPE_CHECKING:
    from ledger.session import Ledger
    from tasks.preparing import View
    from tasks.tick import Counts, Tick


def prepare_meetings(ledger: Ledger, tick: Tick) -> Counts:
    """Prepare an agenda for every meeting whose day has come."""
    return prepare(ledger, tick, "meeting", agenda)


def agenda(view: View) -> Agenda:
    """Return the agenda of a meeting: what is open, the overdue first, and open questions."""
    items = view.siblings()
    return Agenda(
        **view.said(),
        held_on=meeting_day(view.held.workdays, view.duty.due_on, prepared_on=view.on),
        items=tuple(items),
        questions=tuple(
            Question(
                key=key,
                number=problem.number,
                text=problem.text,
                raised_by=problem.raised_by,
                raised_on=problem.raised_on,
            )
            for key in [view.duty.key, *(line.key for line in items)]
            for problem in life.problems(view.conn, key)
            if problem.answered_on is None
        ),
    )
