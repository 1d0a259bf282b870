"""Figures by locality as an Excel sheet to fill in; tasks.documents.figure_sheet reads it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import IO, TYPE_CHECKING

import xlsxwriter

from catalog.workbook.excel_sheets import GRID, OPTIONS, EscapingSheet
from desk.lists.figure_labels import label, row_heading

if TYPE_CHECKING:
    from tasks.localities.grid import Grid


def write(file: IO[bytes], grid: Grid, *, lang: str) -> None:
    """Write the grid into `file`: its figures as numbers, every text as text."""
    book = xlsxwriter.Workbook(file, {**OPTIONS, "constant_memory": False})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001  the same bytes
    look = book.add_format({**GRID, "text_wrap": True})
    head = book.add_format({**GRID, "bold": True, "bg_color": "#E8ECF1", "text_wrap": True})
    page = book.add_worksheet(f"{grid.year}", EscapingSheet)
    page.set_column(0, 0, 28)
    page.set_column(1, len(grid.columns), 20)
    page.write_string(0, 0, row_heading(lang), head)
    for at, column in enumerate(grid.columns, 1):
        page.write_string(0, at, f"{label(column, lang)} [{column.id}]", head)
    for number, (row, name) in enumerate(grid.rows.items(), 1):
        page.write_string(number, 0, name, look)
        for at, column in enumerate(grid.columns, 1):
            text = grid.values.get((row, column.id), "")
            if (figure := _figure(text)) is not None:
                page.write_number(number, at, figure, look)
            else:
                page.write_string(number, at, text, look)
    page.freeze_panes(1, 1)
    book.close()


def _figure(text: str) -> float | None:
    """Return a text as a number where Excel keeps all its digits."""
    try:
        value = float(text)
        return value if Decimal(text) == Decimal(str(value)) else None
    except (ValueError, InvalidOperation):
        return None
