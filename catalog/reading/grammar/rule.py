"""Rules of the grammar, and the readings of a time phrase."""

from __future__ import annotations

import calendar
import functools
import re
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from catalog.dates.recurrence import Recurs

# time: one date or stretch; recurs: comes round; since: from when on; base: the year a figure is
# compared with; standing, manner: no date; vague: no date, and somebody waits for one; count,
# figure, document: what is asked for; trap: looks like one of these and binds nobody.
Sort = Literal[
    "time",
    "recurs",
    "since",
    "base",
    "standing",
    "manner",
    "vague",
    "count",
    "figure",
    "document",
    "trap",
]


class Timing(NamedTuple):
    """A reading of a time phrase; None where it leaves that side open.

    Once: the days of the window. A recurrence: its first day, its first due date where the phrase
    fixes one, and its last day (`since`, `anchor`, `until` of an obligation).
    """

    recurs: Recurs = "once"
    opens_on: date | None = None
    due_on: date | None = None
    until: date | None = None

    def __str__(self) -> str:
        return f"{self.recurs} {self.opens_on or ''}..{self.due_on or ''}"


class Setting(NamedTuple):
    """The setting of a phrase: the day of issue, and the dates in the words before it.

    `only` is the year of a plan for one year. `year` is the year named last, or that one; `after`
    the date named last; `recurs` tells whether that comes round every year. `sure` is False where
    the day of issue is only a guess.
    """

    issued_on: date
    only: int | None = None
    year: int | None = None
    after: date | None = None
    recurs: bool = False
    sure: bool = True

    @classmethod
    def of(cls, issued_on: date, starts_on: date, ends_on: date) -> Setting:
        """Return the setting of the first phrase of a measure, in a plan of that term."""
        only = ends_on.year if starts_on.year == ends_on.year else None
        return cls(issued_on, only, only)


class Rule(NamedTuple):
    """A kind of phrase that a reader must not overlook.

    `examples` are phrases of this kind with their readings in `EXAMPLE`, joined by " | ": several
    when a person must choose, none when the phrase leaves no date at all. `near` are phrases that
    look like it and do not match.
    """

    name: str
    sort: Sort
    pattern: str
    examples: Mapping[str, str]
    near: tuple[str, ...]
    reads: Callable[[re.Match[str], Setting], tuple[Timing, ...]] = lambda _match, _setting: ()

    @property
    def regex(self) -> re.Pattern[str]:
        """The pattern alone, for the parts in its groups."""
        return _compiled(self.pattern)


EXAMPLE = Setting(issued_on=date(2013, 8, 5))


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])
