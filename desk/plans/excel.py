"""Plan as an Excel workbook that an office fills in, corrects and loads back."""

from __future__ import annotations

import datetime as dt
from typing import IO, TYPE_CHECKING

import xlsxwriter

from catalog.workbook.excel_sheets import GRID, OPTIONS, EscapingSheet
from catalog.workbook.plan_workbook import rows
from catalog.workbook.workbook_sheets import SHEETS, heading, word

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from catalog.plans.file import PlanFile
    from catalog.workbook.workbook_sheets import Cell, Sheet

SPARE = 500  # rows below the last that still offer the choices


def write(file: IO[bytes], plan: PlanFile, *, lang: str) -> None:
    """Write the plan's sheets into `file`; text stays text, never a formula."""
    book = xlsxwriter.Workbook(file, {**OPTIONS, "constant_memory": False})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001  a fixed instant: the same bytes
    text = book.add_format({**GRID, "text_wrap": True})
    day = book.add_format({**GRID, "num_format": "yyyy-mm-dd", "align": "left"})
    sheets = {sheet.table: _sheet(book, sheet, lang) for sheet in SHEETS}
    last = dict.fromkeys(sheets, 0)
    for sheet, cells in rows(plan, lang):
        last[sheet.table] += 1
        for at, cell in enumerate(cells):
            _put(sheets[sheet.table], (last[sheet.table], at), cell, looks=(text, day))
    for sheet in SHEETS:
        _offer(sheets[sheet.table], sheet, last[sheet.table] + SPARE, lang)
    book.close()


def _sheet(book: Workbook, sheet: Sheet, lang: str) -> Worksheet:
    look = book.add_format({**GRID, "bold": True, "bg_color": "#E8ECF1", "text_wrap": True})
    page = book.add_worksheet(heading(lang, f"sheet-{sheet.table}"), EscapingSheet)
    for at, column in enumerate(sheet.columns):
        page.set_column(at, at, column.width)
        page.write_string(0, at, heading(lang, column.name), look)
    page.freeze_panes(1, 1)
    return page


def _put(page: Worksheet, at: tuple[int, int], cell: Cell, *, looks: tuple[Format, Format]) -> None:
    if isinstance(cell, str) and cell:
        page.write_string(*at, cell, looks[0])
    elif isinstance(cell, dt.date):
        page.write_datetime(*at, cell, looks[1])
    elif isinstance(cell, (int, float)):
        page.write_number(*at, cell, looks[0])


def _offer(page: Worksheet, sheet: Sheet, last: int, lang: str) -> None:
    """Offer the choices of a column in its cells; other values are refused when read."""
    for at, column in enumerate(sheet.columns):
        if column.choices:
            offered = [word(lang, value) for value in column.choices]
            page.data_validation(1, at, last, at, {"validate": "list", "source": offered})
