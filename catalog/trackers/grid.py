"""Grids of cells as a spreadsheet shows them, with its merged ranges and what it hides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal, NamedTuple

# What a cell's value rests on: `formula` has no stored result, `error` shows #REF! and the like.
CellNote = Literal["", "formula", "error"]


class Cell(NamedTuple):
    """A cell: its text as shown, and its day where the file itself types it as one."""

    text: str = ""
    day: date | None = None
    note: CellNote = ""


EMPTY = Cell()


class Range(NamedTuple):
    """A merged range, its last row and column included; all numbers begin with 0."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """A sheet: `rows` begin with its first row, and rows may differ in length.

    `merged` are its merged ranges, whose text stands in their first cell; `hidden_rows` and
    `hidden_columns` are what the spreadsheet does not show; `is_hidden` tells it of the sheet.
    `epoch` is the day from which its serial numbers count.
    """

    sheet: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_hidden: bool = False
    epoch: date = date(1899, 12, 30)

    @cached_property
    def width(self) -> int:
        """The number of columns of the longest row."""
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell as the file has it, an empty one outside the grid."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return EMPTY

    def range_at(self, row: int, column: int) -> Range | None:
        """Return the merged range that covers a cell."""
        return self._covered.get((row, column))

    def shown(self, row: int, column: int) -> Cell:
        """Return the cell as a person sees it: anywhere in a merged range, its one text."""
        area = self.range_at(row, column)
        return self.cell(area.top, area.left) if area else self.cell(row, column)

    def place(self, row: int, column: int) -> str:
        """Return the place of a cell as spreadsheets name it: 台賬!C12."""
        return f"{self.sheet}!{letters(column)}{row + 1}"

    @cached_property
    def _covered(self) -> dict[tuple[int, int], Range]:
        return {
            (row, column): area
            for area in self.merged
            for row in range(area.top, min(area.bottom + 1, len(self.rows)))
            for column in range(area.left, min(area.right + 1, self.width))
        }


def letters(column: int) -> str:
    """Return the letters of a column, counted from 0: A, Z, AA."""
    name, rest = "", column + 1
    while rest:
        rest, last = divmod(rest - 1, 26)
        name = chr(ord("A") + last) + name
    return name
