"""Sheets of Excel's XML of 2003, which office systems save under the name of an .xls."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from lxml import etree

from catalog.errors import InvalidError
from catalog.trackers.grid import Cell, Grid, Range
from tasks.spreadsheets.bounds import Rows
from tasks.spreadsheets.shown import cell_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_SS = f"{{{SPREADSHEET}}}"
_NAMED = {"Percent": "0.00%", "Fixed": "0.00"}


def grids(data: bytes, name: str) -> list[Grid]:
    """Return the sheets of a workbook; InvalidError where it is broken."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data.lstrip(), parser)
        formats = dict(_formats(root))
        return [_grid(sheet, name, formats) for sheet in root.iter(f"{_SS}Worksheet")]
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidError("tracker-broken", place=name) from error


def _formats(root: Any) -> Iterator[tuple[str, str]]:
    for style in root.iter(f"{_SS}Style"):
        form = style.find(f"{_SS}NumberFormat")
        if form is not None:
            text = form.get(f"{_SS}Format", "")
            yield style.get(f"{_SS}ID", ""), _NAMED.get(text, text)


def _grid(sheet: Any, name: str, formats: Mapping[str, str]) -> Grid:
    title = sheet.get(f"{_SS}Name", "")
    rows, merged, hidden = Rows(f"{name} {title}"), list[Range](), set[int]()
    row = -1
    for element in sheet.iterfind(f"{_SS}Table/{_SS}Row"):
        row = _at(element, row + 1)
        if element.get(f"{_SS}Hidden") == "1":
            hidden.add(row)
        column = -1
        for cell in element.iterchildren(f"{_SS}Cell"):
            column = _at(cell, column + 1)
            rows.put(row, column, _cell(cell, formats))
            down, across = (int(cell.get(f"{_SS}Merge{each}", "0")) for each in ("Down", "Across"))
            if down or across:
                merged.append(Range(row, column, row + down, column + across))
                column += across
        row += int(element.get(f"{_SS}Span", "0"))
    return Grid(title, rows.rows(), tuple(merged), frozenset(hidden))


def _at(element: Any, following: int) -> int:
    index = element.get(f"{_SS}Index")
    return int(index) - 1 if index else following


def _cell(element: Any, formats: Mapping[str, str]) -> Cell:
    data = element.find(f"{_SS}Data")
    text = "" if data is None else "".join(data.itertext())
    if not text:
        return Cell(note="formula" if element.get(f"{_SS}Formula") else "")
    kind = data.get(f"{_SS}Type")
    if kind == "Number":
        return cell_of(float(text), formats.get(element.get(f"{_SS}StyleID", ""), ""))
    if kind == "DateTime":
        return cell_of(datetime.fromisoformat(text))
    return Cell(text, note="error" if kind == "Error" else "")
