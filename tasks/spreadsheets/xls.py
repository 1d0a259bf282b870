"""Sheets of an .xls workbook, and of WPS's .et, which is one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import xlrd
from xlrd.compdoc import CompDocError

from catalog.errors import InvalidError
from catalog.trackers.days import EPOCH, EPOCH_1904
from catalog.trackers.grid import EMPTY, Cell, Grid, Range
from tasks.spreadsheets.bounds import Rows
from tasks.spreadsheets.encodings import BROKEN
from tasks.spreadsheets.shown import cell_of

if TYPE_CHECKING:
    from collections.abc import Mapping

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BIFF = (b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00", b"\x09\x08")  # outside OLE
_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_PROTECTED = "EncryptedPackage".encode("utf-16-le")  # an .xlsx with a password


def grids(data: bytes, name: str) -> list[Grid]:
    """Return the sheets of a workbook; InvalidError where it is broken, protected or can run."""
    if _PROTECTED in data:
        raise InvalidError("tracker-password", place=name)
    if _MACROS in data:
        raise InvalidError("evidence-macros", place=name)
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
        return [_grid(book, sheet, name) for sheet in book.sheets()]
    except xlrd.XLRDError as error:
        raise InvalidError(_key(str(error)), place=name) from error
    except (*BROKEN, CompDocError, AssertionError, EOFError) as error:
        raise InvalidError("tracker-broken", place=name) from error


def _key(problem: str) -> str:
    """Return the key of what xlrd refuses."""
    if "encrypted" in problem:
        return "tracker-password"
    return "tracker-kind" if "Can't find workbook" in problem else "tracker-broken"


def _grid(book: Any, sheet: Any, name: str) -> Grid:
    rows = Rows(f"{name} {sheet.name}")
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            rows.put(row, column, _cell(book, sheet.cell(row, column)))
    areas = (
        Range(top, left, bottom - 1, right - 1)
        for top, bottom, left, right in sheet.merged_cells
        if bottom - top > 1 or right - left > 1
    )
    return Grid(
        sheet.name,
        rows.rows(),
        merged=tuple(areas),
        hidden_rows=_hidden(sheet.rowinfo_map),
        hidden_columns=_hidden(sheet.colinfo_map),
        is_hidden=sheet.visibility != 0,
        epoch=EPOCH_1904 if book.datemode else EPOCH,
    )


def _hidden(infos: Mapping[int, Any]) -> frozenset[int]:
    return frozenset(number for number, info in infos.items() if info.hidden)


def _cell(book: Any, cell: Any) -> Cell:
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Cell(xlrd.error_text_from_code.get(cell.value, "#?"), note="error")
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return cell_of(xlrd.xldate_as_datetime(cell.value, book.datemode))
        except (OverflowError, ValueError):
            return Cell(str(cell.value), note="error")
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return cell_of(bool(cell.value))
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return EMPTY
    return cell_of(cell.value, _number_format(book, cell))


def _number_format(book: Any, cell: Any) -> str:
    if cell.xf_index is None:
        return ""
    form = book.format_map.get(book.xf_list[cell.xf_index].format_key)
    return form.format_str if form else ""
