"""Sheets of an .xlsx workbook as Excel shows them, streamed row by row."""

from __future__ import annotations

import datetime as dt
import io
import warnings
import zipfile
from typing import TYPE_CHECKING, Any

from lxml import etree
from openpyxl import load_workbook
from openpyxl.cell.read_only import ReadOnlyCell
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.worksheet._reader import WorkSheetParser

from catalog.duties import zip_safety
from catalog.errors import InvalidError
from catalog.trackers.days import EPOCH, EPOCH_1904
from catalog.trackers.grid import Cell, Grid, Range
from tasks.spreadsheets.bounds import Rows
from tasks.spreadsheets.encodings import BROKEN, unescaped
from tasks.spreadsheets.shown import cell_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_STYLES = "xl/styles.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = b"http://purl.oclc.org/ooxml/"
_NAMESPACES = (
    (_STRICT + b"spreadsheetml/main", _MAIN.encode()),
    (
        _STRICT + b"officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)


def grids(data: bytes, name: str) -> list[Grid]:
    """Return the sheets of a workbook; InvalidError where it is broken, protected or can run."""
    types = zip_safety.inspect(name, io.BytesIO(data)).types
    if not any("spreadsheetml" in each for each in types):
        raise InvalidError("tracker-kind", place=name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of looks and extensions that are not read
            return [_grid(sheet, name) for sheet in _workbook(data).worksheets]
    except BROKEN as error:
        raise InvalidError("evidence-broken", place=name) from error


def _workbook(data: bytes) -> Any:
    """Return the workbook, made plain where openpyxl would not read it as it is.

    That is where the description of its looks is faulty, and in the strict form of the standard.
    """
    if _is_strict(data):
        data = _plain(data)
    try:
        return load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except BROKEN:
        return load_workbook(io.BytesIO(_plain(data)), read_only=True, data_only=True)


def _is_strict(data: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "xl/workbook.xml" in archive.namelist() and _STRICT in archive.read(
            "xl/workbook.xml"
        )


def _plain(data: bytes) -> bytes:
    """Return a workbook in the usual form, whose styles keep only the formats of numbers."""
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.infolist():
            text = source.read(part)
            for strict, usual in _NAMESPACES if _STRICT in text else ():
                text = text.replace(strict, usual)
            target.writestr(part, _number_formats(text) if part.filename == _STYLES else text)
    return content.getvalue()


def _number_formats(styles: bytes) -> bytes:
    root = etree.fromstring(styles, etree.XMLParser(resolve_entities=False, no_network=True))
    plain = etree.Element(f"{{{_MAIN}}}styleSheet", nsmap={None: _MAIN})
    formats = etree.SubElement(plain, f"{{{_MAIN}}}numFmts")
    for each in root.iter("{*}numFmt"):
        attributes = {key: each.get(key, "") for key in ("numFmtId", "formatCode")}
        etree.SubElement(formats, f"{{{_MAIN}}}numFmt", attributes)
    cells = etree.SubElement(plain, f"{{{_MAIN}}}cellXfs")
    for each in root.iterfind("{*}cellXfs/{*}xf"):
        etree.SubElement(cells, f"{{{_MAIN}}}xf", {"numFmtId": each.get("numFmtId", "0")})
    text: bytes = etree.tostring(plain)
    return text


class _Parser(WorkSheetParser):  # type: ignore[misc]  # it ships no types
    """openpyxl's parser, which passes over empty cells and knows formulas without a result."""

    def parse_row(self, row: Any) -> Any:
        for cell in [each for each in row if not len(each) and each.get("r")]:
            row.remove(cell)
        return super().parse_row(row)

    def parse_cell(self, element: Any) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["value"] is None and element.find("{*}f") is not None:
            cell["data_type"] = "f"
        return cell


def _grid(sheet: Any, name: str) -> Grid:
    book = sheet.parent
    with sheet._get_source() as source:  # noqa: SLF001  the public way forgets merged ranges
        parser = _Parser(
            source,
            sheet._shared_strings,  # noqa: SLF001
            data_only=True,
            epoch=book.epoch,
            date_formats=book._date_formats,  # noqa: SLF001
            timedelta_formats=book._timedelta_formats,  # noqa: SLF001
        )
        rows = Rows(f"{name} {sheet.title}")
        for number, cells in parser.parse():
            for each in cells:
                rows.put(number - 1, each["column"] - 1, _cell(sheet, each))
    return Grid(
        sheet.title,
        rows.rows(),
        merged=tuple(_ranges(parser)),
        hidden_rows=frozenset(_hidden_rows(parser)),
        hidden_columns=frozenset(_hidden_columns(parser)),
        is_hidden=sheet.sheet_state != "visible",
        epoch=EPOCH_1904 if book.epoch == MAC_EPOCH else EPOCH,
    )


def _cell(sheet: Any, each: dict[str, Any]) -> Cell:
    value, kind = each["value"], each["data_type"]
    if kind == "f":
        return Cell(note="formula")
    if kind == "e":
        return Cell(str(value), note="error")
    if isinstance(value, str):
        return Cell(unescaped(value))
    if isinstance(value, dt.time | dt.timedelta):
        return Cell(str(value))
    return cell_of(value, ReadOnlyCell(sheet, **each).number_format)


def _ranges(parser: Any) -> Iterator[Range]:
    for area in parser.merged_cells.mergeCell if parser.merged_cells else ():
        left, top, right, bottom = area.bounds
        yield Range(top - 1, left - 1, bottom - 1, right - 1)


def _hidden_rows(parser: Any) -> Iterator[int]:
    for number, attributes in parser.row_dimensions.items():
        if attributes.get("hidden") in ("1", "true"):
            yield int(number) - 1


def _hidden_columns(parser: Any) -> Iterator[int]:
    for name, attributes in parser.column_dimensions.items():
        if attributes.get("hidden") in ("1", "true"):
            first = column_index_from_string(name) - 1
            yield from range(first, min(int(attributes["max"]), first + 200))
