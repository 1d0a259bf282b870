"""Text of rows between commas, semicolons, tabs or bars, in any usual encoding."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import TYPE_CHECKING

from catalog.errors import InvalidError
from catalog.trackers.grid import Cell, Grid
from tasks.spreadsheets.bounds import Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

_DELIMITERS = ",\t;|，；"
_SAMPLE = 60  # rows
_NAMED = re.compile(r"sep=(.)\r?\n")  # Excel's own first line


def grids(text: str, name: str, sheet: str) -> list[Grid]:
    """Return the one sheet of a text; InvalidError where it is no table."""
    first_line = _NAMED.match(text)
    delimiter = first_line[1] if first_line else _delimiter(text)
    rows = Rows(name)
    try:
        for number, cells in enumerate(
            _rows(text[first_line.end() if first_line else 0 :], delimiter)
        ):
            for column, cell in enumerate(cells):
                rows.put(number, column, Cell(cell))
    except csv.Error as error:
        raise InvalidError("tracker-broken", place=name) from error
    return [Grid(sheet, rows.rows())]


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a text, whose lines may end with CR alone."""
    return iter(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _delimiter(text: str) -> str:
    """Return the sign that parts the most rows into one number of cells above one."""
    return max(_DELIMITERS, key=lambda sign: (_evenness(text, sign), -_DELIMITERS.index(sign)))


def _evenness(text: str, sign: str) -> int:
    try:
        sizes = Counter(len(row) for _, row in zip(range(_SAMPLE), _rows(text, sign), strict=False))
    except csv.Error:
        return 0
    return max((count * min(size, 20) for size, count in sizes.items() if size > 1), default=0)
