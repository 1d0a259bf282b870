"""Days of a line, with those that cannot be read for sure asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.trackers.days import DayDoubt, day_first, first_of, in_order, likely
from catalog.trackers.doubt import Doubt
from catalog.trackers.when import When, typed_when

if TYPE_CHECKING:
    from datetime import date

    from catalog.trackers.cells import Cells, Words
    from catalog.trackers.columns import Role

_NONE = ("day-blank", "day-open")  # of a column that may stay empty


class Dating:
    """Reads the days of a tracker's cells; `year` is that of days without one."""

    def __init__(self, cells: Cells, year: int | None) -> None:
        self.cells, self.year, self.epoch = cells, year, cells.grid.epoch
        self.day_first = day_first(cells.texts_of("opens", "due", "done"))

    def due(self, words: Words | None) -> When:
        """Return the time that the due cell sets; what it leaves open is asked."""
        if words is None:
            return When()
        when = self._when(words, "due")
        if when.doubt is None:
            return when
        doubt = Doubt(words.place, "due", when.doubt.key, words.text, when.doubt.readings)
        answer = self.cells.ask(doubt)
        again = self._typed(answer) if answer else When()
        return When() if again.doubt else again

    def day(self, words: Words | None, role: Role) -> date | None:
        """Return the day of a cell that holds one; an empty one is none, other words are asked."""
        if words is None:
            return None
        when = self._when(words, role)
        if when.due_on and not when.recurrence:
            begins_on = when.opens_on or first_of(words.text, when.due_on)
            return begins_on if role == "opens" and not words.day else when.due_on
        doubt = when.doubt or DayDoubt("day-unread")
        if doubt.key in _NONE:
            return None
        answer = self.cells.ask(Doubt(words.place, role, doubt.key, words.text, doubt.readings))
        return self._typed(answer).due_on if answer else None

    def _typed(self, text: str) -> When:
        return typed_when(text, year=self.year, epoch=self.epoch)

    def _when(self, words: Words, role: Role) -> When:
        """Return the time of a cell, saying how it was read where it does not stand there."""
        if words.day:
            day = likely(words.day)
            return When(doubt=day) if isinstance(day, DayDoubt) else When(day)
        when = self._typed(words.text)
        if when.doubt:
            ordered = in_order(when.doubt, words.text, is_day_first=self.day_first)
            if ordered:
                self.cells.remark(words, role, "order", ordered.isoformat())
            return When(ordered) if ordered else when
        reading = when.recurrence or (when.due_on.isoformat() if when.due_on else "")
        if when.recurrence:
            self.cells.remark(words, role, "recurrence", reading)
        elif typed_when(words.text, epoch=self.epoch).doubt:
            self.cells.remark(words, role, "year", reading)
        elif when.in_words:
            self.cells.remark(words, role, "in-words", reading)
        return when
