"""Tables of web pages, which office systems save under the name of an .xls."""

from __future__ import annotations

import email
import email.policy
import re
from typing import TYPE_CHECKING, Any

from lxml import html

from catalog.trackers.grid import Cell, Grid, Range
from tasks.spreadsheets.bounds import MOST_COLUMNS, MOST_ROWS, Rows

if TYPE_CHECKING:
    from collections.abc import Iterator

_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_BLOCKS = frozenset(("br", "p", "div", "li", "tr"))
_UNSEEN = frozenset(("script", "style", "template"))
_LEAST = 2  # rows and columns of a table that is no layout


def pages(data: bytes) -> Iterator[bytes]:
    """Yield the pages of a web archive (.mht), each a sheet or a frame."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield content


def grids(page: str, name: str, sheet: str) -> list[Grid]:
    """Return each table of a page that holds no other, as a sheet."""
    parser = html.HTMLParser(encoding="utf-8")
    root = html.document_fromstring(page.encode(), parser=parser)
    tables = [t for t in root.iter("table") if next(t.iterdescendants("table"), None) is None]
    sheets = [_grid(table, name, sheet) for table in tables]
    sheets = [grid for grid in sheets if len(grid.rows) >= _LEAST and grid.width >= _LEAST]
    if len(sheets) == 1:
        return sheets
    return [_renamed(grid, f"{sheet}-{n}") for n, grid in enumerate(sheets, 1)]


def _renamed(grid: Grid, sheet: str) -> Grid:
    return Grid(sheet, grid.rows, grid.merged, grid.hidden_rows, grid.hidden_columns)


def _grid(table: Any, name: str, sheet: str) -> Grid:
    rows, merged, hidden = Rows(name), list[Range](), set[int]()
    covered: set[tuple[int, int]] = set()
    caption = next(table.iterchildren("caption"), None)
    shift = 0 if caption is None else 1
    if caption is not None:
        rows.put(0, 0, Cell(_text(caption)))
    for at, row in enumerate(table.iter("tr"), shift):
        if _HIDDEN.search(row.get("style", "")):
            hidden.add(at)
        column = 0
        for cell in row.iterchildren("td", "th"):
            while (at, column) in covered:
                column += 1
            rows.put(at, column, Cell(_text(cell)))
            down, across = _span(cell, "rowspan", MOST_ROWS), _span(cell, "colspan", MOST_COLUMNS)
            if down > 1 or across > 1:
                merged.append(Range(at, column, at + down - 1, column + across - 1))
                covered.update(_below(at, column, down, across))
            column += across
    return Grid(sheet, rows.rows(), tuple(merged), frozenset(hidden))


def _below(row: int, column: int, down: int, across: int) -> Iterator[tuple[int, int]]:
    for at in range(row + 1, row + down):
        yield from ((at, each) for each in range(column, column + across))


def _span(cell: Any, name: str, most: int) -> int:
    text = cell.get(name, "1").strip()
    return min(int(text), most) if text.isdecimal() and int(text) else 1


def _text(cell: Any) -> str:
    lines = "".join(_texts(cell)).split("\n")
    return "\n".join(line for line in (" ".join(each.split()) for each in lines) if line)


def _texts(element: Any) -> Iterator[str]:
    """Yield the text that a cell shows; a block begins a line."""
    if not isinstance(element.tag, str) or element.tag in _UNSEEN:
        return
    if element.tag in _BLOCKS:
        yield "\n"
    yield (element.text or "").replace("\n", " ").replace("\r", " ")
    for child in element:
        yield from _texts(child)
        yield (child.tail or "").replace("\n", " ").replace("\r", " ")
    if element.tag in _BLOCKS:
        yield "\n"
