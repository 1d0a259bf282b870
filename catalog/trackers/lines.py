"""Lines of a tracker: its tasks, with what was guessed and asked.

See docs/rules.md, From cell to task.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.numerals import year as year_of_numeral
from catalog.trackers.line_reading import LineReading
from catalog.trackers.table_rows import table_rows

if TYPE_CHECKING:
    from collections.abc import Mapping as Table

    from catalog.reading.who.register import Register
    from catalog.trackers.grid import Grid
    from catalog.trackers.line import Line
    from catalog.trackers.mapping import Mapping
    from catalog.trackers.table_rows import RowKind

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?!\d)|([二][〇零][一二三四五六七八九〇零]{2})(?=年)")
_AS_OF = re.compile(
    r"(?:截至|截止|填报|更新|制表|as at|as of|印发|打印|updated)[^\n]*", re.IGNORECASE
)


class Skipped(NamedTuple):
    """A row that is no task, with the reason (`tracker-row` in the wording) and its text."""

    place: str
    kind: RowKind
    text: str


class Reading(NamedTuple):
    """The lines of a tracker, the rows that are none, and the year of days without one.

    `hidden` are the heads of columns that the spreadsheet does not show.
    """

    lines: tuple[Line, ...]
    skipped: tuple[Skipped, ...]
    year: int | None
    hidden: tuple[str, ...] = ()


def lines(
    grid: Grid,
    mapping: Mapping,
    register: Register,
    *,
    year: int | None = None,
    answers: Table[str, str] = MappingProxyType({}),
) -> list[Line]:
    """Return the tasks of a tracker in the order of its rows (see `read`)."""
    return list(read(grid, mapping, register, year=year, answers=answers).lines)


def read(
    grid: Grid,
    mapping: Mapping,
    register: Register,
    *,
    year: int | None = None,
    answers: Table[str, str] = MappingProxyType({}),
) -> Reading:
    """Return the tasks of a tracker and the rows that are none.

    `year` is that of days without one, by default the one year that its title names. `answers`
    are texts by the id of a doubt, each read in place of the words that the doubt is about.
    """
    year = year or year_of(grid, mapping)
    tasks: list[Line] = []
    skipped: list[Skipped] = []
    section = ""
    reading = LineReading(grid, mapping, register, year, answers)
    for each in table_rows(grid, mapping):
        if each.kind == "task":
            tasks.append(reading.line(each.row, section))
        elif each.kind != "empty":
            section = each.text if each.kind == "section" else section
            skipped.append(Skipped(f"{grid.sheet}!{each.row + 1}", each.kind, each.text))
    columns = (n for n in sorted(grid.hidden_columns) if n in mapping.heads)
    return Reading(tuple(tasks), tuple(skipped), year, tuple(mapping.heads[n] for n in columns))


def year_of(grid: Grid, mapping: Mapping) -> int | None:
    """Return the one year that the rows above the heads or the sheet's name give, else None."""
    above = [
        grid.cell(row, column).text
        for row in range(max(mapping.head_row, 0))
        for column in range(grid.width)
    ]
    for text in ("\n".join(above), grid.sheet):
        folded = _AS_OF.sub("", fold(text))
        years = {int(m[1]) if m[1] else year_of_numeral(m[2]) for m in _YEAR.finditer(folded)}
        if years:
            return years.pop() if len(years) == 1 else None
    return None
