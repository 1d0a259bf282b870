"""Sheets of an OpenDocument spreadsheet (.ods): the text of its cells as shown."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

from lxml import etree

from catalog.duties import zip_safety
from catalog.errors import InvalidError
from catalog.trackers.days import EPOCH
from catalog.trackers.grid import EMPTY, Cell, Grid, Range
from tasks.spreadsheets.bounds import MOST_COLUMNS, MOST_ROWS, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_OASIS = "{urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _TEXT, _OFFICE = (f"{_OASIS}{name}:1.0}}" for name in ("table", "text", "office"))
_UNSEEN = (f"{_OFFICE}annotation", f"{_TEXT}note", f"{_TABLE}shapes")
_ERROR = re.compile(r"#[A-Z/0]+[!?]?|Err:\d+|#N/A")
_RUNS = ("Basic/", "Scripts/")


def is_ods(data: bytes) -> bool:
    """Tell whether an archive begins with the type of such a spreadsheet, as it must."""
    return MIMETYPE in data[:200]


def grids(data: bytes, name: str) -> list[Grid]:
    """Return the sheets of a spreadsheet; InvalidError where it is protected or can run."""
    zip_safety.inspect(name, io.BytesIO(data))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.namelist()
        if any(part.startswith(_RUNS) for part in parts):
            raise InvalidError("evidence-macros", place=name)
        manifest = "META-INF/manifest.xml"
        if manifest in parts and b"encryption-data" in archive.read(manifest):
            raise InvalidError("tracker-password", place=name)
        try:
            root = etree.fromstring(archive.read("content.xml"), _parser())
        except (KeyError, etree.XMLSyntaxError) as error:
            raise InvalidError("tracker-broken", place=name) from error
    hidden, epoch = frozenset(_hidden_styles(root)), _epoch(root)
    return [_grid(each, name, hidden, epoch) for each in root.iter(f"{_TABLE}table")]


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)


def _hidden_styles(root: Any) -> Iterator[str]:
    for style in root.iter("{*}style"):
        if any(each.get(f"{_TABLE}display") == "false" for each in style):
            yield style.get(f"{_OASIS}style:1.0}}name", "")


def _epoch(root: Any) -> date:
    null = next(root.iter(f"{_TABLE}null-date"), None)
    return (
        date.fromisoformat(null.get(f"{_TABLE}date-value", str(EPOCH)))
        if null is not None
        else EPOCH
    )


def _grid(table: Any, name: str, hidden: frozenset[str], epoch: date) -> Grid:
    sheet = table.get(f"{_TABLE}name", "")
    rows = Rows(f"{name} {sheet}")
    merged: list[Range] = []
    unseen: set[int] = set()
    number = 0
    for row in table.iter(f"{_TABLE}table-row"):
        times = _times(row, "number-rows-repeated")
        cells = list(_cells(row))
        for at in range(number, min(number + times, MOST_ROWS + 1) if cells else number):
            for column, cell, area in cells:
                rows.put(at, column, cell)
                if area:
                    merged.append(Range(at, column, at + area[0], column + area[1]))
        if row.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            unseen.update(range(number, min(number + times, MOST_ROWS)))
        number += times
    return Grid(
        sheet,
        rows.rows(),
        merged=tuple(merged),
        hidden_rows=frozenset(unseen),
        hidden_columns=frozenset(_hidden_columns(table)),
        is_hidden=table.get(f"{_TABLE}style-name") in hidden,
        epoch=epoch,
    )


def _times(element: Any, name: str) -> int:
    return max(1, int(element.get(f"{_TABLE}{name}", "1")))


def _cells(row: Any) -> Iterator[tuple[int, Cell, tuple[int, int] | None]]:
    """Yield the cells of a row that are not empty: column, cell, and how far a merged one goes."""
    column = 0
    for element in row.iterchildren(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
        times = _times(element, "number-columns-repeated")
        cell = _cell(element) if element.tag == f"{_TABLE}table-cell" else EMPTY
        down, across = (
            _times(element, f"number-{each}-spanned") - 1 for each in ("rows", "columns")
        )
        area = (down, across) if down or across else None
        if cell != EMPTY or area:
            for at in range(column, min(column + times, MOST_COLUMNS + 1)):
                yield at, cell, area
        column += times


def _cell(element: Any) -> Cell:
    text = "\n".join("".join(_texts(each)) for each in element.iterchildren(f"{_TEXT}p"))
    formula = element.get(f"{_TABLE}formula")
    if formula and _ERROR.fullmatch(text):
        return Cell(text, note="error")
    if formula and not text and not element.get(f"{_OFFICE}value-type"):
        return Cell(note="formula")
    if element.get(f"{_OFFICE}value-type") == "date":
        value = element.get(f"{_OFFICE}date-value", "")[:10]
        try:
            return Cell(text or value, date.fromisoformat(value))
        except ValueError:
            return Cell(text)
    return Cell(text) if text else EMPTY


def _texts(element: Any) -> Iterator[str]:
    """Yield the text of a paragraph; blanks and breaks are elements of their own."""
    yield element.text or ""
    for child in element:
        if child.tag == f"{_TEXT}s":
            yield " " * min(_blanks(child), 100)
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag not in _UNSEEN:
            yield from _texts(child)
        yield child.tail or ""


def _blanks(element: Any) -> int:
    return int(element.get(f"{_TEXT}c", "1"))


def _hidden_columns(table: Any) -> Iterator[int]:
    column = 0
    for element in table.iter(f"{_TABLE}table-column"):
        times = _times(element, "number-columns-repeated")
        if element.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            yield from range(column, min(column + times, MOST_COLUMNS))
        column += times
