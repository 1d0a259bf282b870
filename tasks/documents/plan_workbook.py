"""Import of a plan's workbook: its rows by sheet, each cell with its place."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import IO, TYPE_CHECKING, Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from catalog.duties.file_types import XLSX, media_type
from catalog.errors import InvalidError
from catalog.wording import COMMAND_LANGUAGE, languages
from catalog.workbook.plan_workbook import Row, book
from catalog.workbook.workbook_sheets import SHEETS, heading
from ledger.child import call_in_child
from tasks.documents.sheets import BROKEN, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.workbook.plan_workbook import PlanBook
    from catalog.workbook.workbook_sheets import Cell, Sheet

MOST = 20_000  # rows of a sheet; the plan of a province has 200
LARGEST = 10_000_000  # bytes
_LINE_ENDS = re.compile("\r\n?")


def read(content: IO[bytes], *, name: str) -> PlanBook:
    """Return the plan of a workbook, whose sheets and headings may be in any language.

    It is read in a child process (`ledger/child.py`). Raises InvalidError with the cell for a
    formula or an unreadable value, and for a file that is no workbook, holds macros or a zip bomb,
    or lacks a sheet.
    """
    content.seek(0)
    return call_in_child(book_of, content.read(), name, place=name)


def book_of(data: bytes, name: str) -> PlanBook:
    """Return the plan of a workbook's bytes, read in this process."""
    content = io.BytesIO(data)
    if media_type(name, content) != XLSX:
        raise InvalidError("import-no-workbook", place=name)
    content.seek(0)
    try:
        rows = list(_rows(load_workbook(content, read_only=True), name))
    except BROKEN as error:
        raise InvalidError("evidence-broken", place=name) from error
    return book(rows, name=name)


def _rows(workbook: Any, name: str) -> Iterator[Row]:
    sheets = {heading(lang, f"sheet-{s.table}"): s for s in SHEETS for lang in languages()}
    pages = [(page, sheets[page.title]) for page in workbook.worksheets if page.title in sheets]
    if {sheet.table for _, sheet in pages} < {"plan", "agency", "measure"}:
        raise InvalidError("book-no-sheets", place=name)
    order = {sheet.table: at for at, sheet in enumerate(SHEETS)}
    for page, sheet in sorted(pages, key=lambda each: order[each[1].table]):
        yield from _sheet_rows(page, sheet)


def _sheet_rows(page: Any, sheet: Sheet) -> Iterator[Row]:
    page.reset_dimensions()  # the size that a file declares may be wrong
    names = {heading(lang, c.name): c.name for c in sheet.columns for lang in languages()}
    first = next(page.iter_rows(max_row=1, values_only=True), ())
    columns = {n: names[str(text).strip()] for n, text in enumerate(first) if text in names}
    if missing := {column.name for column in sheet.columns} - set(columns.values()):
        heading_text = heading(COMMAND_LANGUAGE, min(missing))
        raise InvalidError("book-no-column", place=f"{page.title}!1", column=heading_text)
    width = max(columns) + 1
    for number, cells in enumerate(page.iter_rows(min_row=2, max_col=width), 2):
        if number > MOST:
            raise InvalidError("import-too-long", place=f"{page.title}!{number}", most=MOST)
        places = {c: f"{page.title}!{get_column_letter(n + 1)}{number}" for n, c in columns.items()}
        row = {columns[n]: cell for n, cell in enumerate(cells) if n in columns}
        values = {name: _value(cell, places[name]) for name, cell in row.items()}
        if any(value is not None for value in values.values()):
            yield Row(sheet.table, values, places)


def _value(cell: Any, place: str) -> Cell:
    if cell.data_type in ("f", "e"):
        raise InvalidError("import-formula", place=place)
    value = cell.value
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, (dt.date, int, float)) and not isinstance(value, bool):
        return value
    text = _LINE_ENDS.sub("\n", unescaped(str(value))) if value is not None else ""
    return text or None
