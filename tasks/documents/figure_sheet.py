"""Figures by locality in a workbook that was filled in: each cell with its row and column."""

from __future__ import annotations

import io
import re
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from catalog.clean import clean
from catalog.duties.file_types import XLSX, media_type
from catalog.errors import InvalidError
from ledger.child import call_in_child
from tasks.spreadsheets.encodings import BROKEN, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 2_000  # rows, columns; a province has some dozens
# A heading names its column at its end, whatever the language before it: 投資(億元) [1.invest]
_HEADING = re.compile(r".*\[([A-Za-z0-9.:-]{1,90})\]\s*", re.DOTALL)


class Cell(NamedTuple):
    """What stands in a cell: the name of its row, the id of its column, its text and place."""

    row: str
    column: str
    text: str
    place: str


def read(content: IO[bytes], *, name: str) -> list[Cell]:
    """Return the cells of the first sheet whose headings name columns; empty ones are left out.

    It is read in a child process (`ledger/child.py`). Raises InvalidError with the cell for a
    formula, and for a file that is no workbook, holds macros or a zip bomb, or has no such sheet.
    """
    content.seek(0)
    return call_in_child(cells_of, content.read(), name, place=name)


def cells_of(data: bytes, name: str) -> list[Cell]:
    """Return the cells of a workbook's bytes, read in this process."""
    content = io.BytesIO(data)
    if media_type(name, content) != XLSX:
        raise InvalidError("import-no-workbook", place=name)
    content.seek(0)
    try:
        for page in load_workbook(content, read_only=True).worksheets:
            page.reset_dimensions()  # the size that a file declares may be wrong
            first = next(page.iter_rows(max_row=1, max_col=MOST, values_only=True), ())
            columns = {n: m[1] for n, text in enumerate(first) if (m := _heading(text))}
            if columns:
                return list(_cells(page, columns))
    except BROKEN as error:
        raise InvalidError("evidence-broken", place=name) from error
    raise InvalidError("import-no-sheet", place=name)


def _heading(text: object) -> re.Match[str] | None:
    return _HEADING.fullmatch(unescaped(str(text or "")))


def _cells(page: Any, columns: dict[int, str]) -> Iterator[Cell]:
    width = max(columns) + 1
    for number, cells in enumerate(page.iter_rows(min_row=2, max_col=width), 2):
        if number > MOST:
            raise InvalidError("import-too-long", place=f"{page.title}!{number}", most=MOST)
        row = _text(cells[0]) if cells else ""
        for at, cell in enumerate(cells):
            place = f"{page.title}!{get_column_letter(at + 1)}{number}"
            if at in columns and cell.data_type in ("f", "e"):
                raise InvalidError("import-formula", place=place)
            if at in columns and (text := _text(cell)):
                yield Cell(row, columns[at], text, place)


def _text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else clean(unescaped(str(value))).strip()
