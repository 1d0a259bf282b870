"""A task of a tracker as it was read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from catalog.dates.recurrence import Recurs
    from catalog.trackers.doubt import Doubt, Remark


class Line(NamedTuple):
    """A task of a tracker; `lead` and `participants` are ids of the register.

    `place` is its row (台賬!12), `title` its words. `due_on` of a recurrence is the first due date
    that the cell fixes, if any. A use of the line ignores doubts about roles that it does not take.
    """

    place: str
    row: int
    number: str = ""
    title: str = ""
    chapter: str = ""
    source: str = ""
    lead: str | None = None
    participants: tuple[str, ...] = ()
    person: str = ""
    opens_on: date | None = None
    due_on: date | None = None
    recurrence: Recurs | None = None
    done_on: date | None = None
    status: str = ""
    percent: str = ""
    progress: str = ""
    problem: str = ""
    next_step: str = ""
    document: str = ""
    note: str = ""
    due_text: str = ""
    is_hidden: bool = False
    doubts: tuple[Doubt, ...] = ()
    remarks: tuple[Remark, ...] = ()

    def doubts_about(self, *roles: str) -> tuple[Doubt, ...]:
        """Return the doubts about the roles that a use takes."""
        return tuple(doubt for doubt in self.doubts if doubt.role in roles)
