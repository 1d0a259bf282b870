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
from tasks.spreadsheets.encodings import BROKEN, unescaped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from catalog.workbook.plan_workbook import PlanBook
    from catalog.workbook.workbook_sheets import Cell, Sheet

MOST = 20_000  # rows of a sheet; the plan of a province has 200
LARGEST = 10_000_000  # bytes
_NEEDED = frozenset(("plan", "agency", "measure"))
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
    _check_sheets({sheet.table for _, sheet in pages}, [p.title for p in workbook.worksheets], name)
    order = {sheet.table: at for at, sheet in enumerate(SHEETS)}
    for page, sheet in sorted(pages, key=lambda each: order[each[1].table]):
        yield from _sheet_rows(page, sheet)


def _check_sheets(present: Collection[str], titles: Sequence[str], name: str) -> None:
    """Refuse a workbook without a sheet that every plan has, or with one that was renamed.

    An older export has fewer sheets, and what is not missing is not renamed.
    """
    if not present:
        raise InvalidError("book-no-plan", place=name)
    lang = max(languages(), key=lambda each: len(_titles(each).keys() & {*titles}))
    others = [t for t in titles if all(t not in _titles(each) for each in languages())]
    missing = {title: table for title, table in _titles(lang).items() if table not in present}
    needed = [title for title, table in missing.items() if table in _NEEDED]
    for title in needed or (missing if others else ()):
        raise InvalidError(
            "book-no-sheet", place=name, sheet=title, others=", ".join(others) or "-"
        )


def _titles(lang: str) -> dict[str, str]:
    return {heading(lang, f"sheet-{sheet.table}"): sheet.table for sheet in SHEETS}


def _sheet_rows(page: Any, sheet: Sheet) -> Iterator[Row]:
    page.reset_dimensions()  # the size that a file declares may be wrong
    columns = _columns(page, sheet)
    width = max(columns) + 1
    for number, cells in enumerate(page.iter_rows(min_row=2, max_col=width), 2):
        if number > MOST:
            raise InvalidError("import-too-long", place=f"{page.title}!{number}", most=MOST)
        places = {c: f"{page.title}!{get_column_letter(n + 1)}{number}" for n, c in columns.items()}
        row = {columns[n]: cell for n, cell in enumerate(cells) if n in columns}
        values = {name: _value(cell, places[name]) for name, cell in row.items()}
        if any(value is not None for value in values.values()):
            yield Row(sheet.table, values, places)


def _columns(page: Any, sheet: Sheet) -> dict[int, str]:
    """Return the columns by their headings; one that was renamed would be lost, and is refused."""
    names = {heading(lang, c.name): c.name for lang in languages() for c in sheet.columns}
    first = next(page.iter_rows(max_row=1, values_only=True), ())
    texts = {n: str(text).strip() for n, text in enumerate(first) if text is not None}
    columns = {n: names[text] for n, text in texts.items() if text in names}
    missing = [c.name for c in sheet.columns if c.name not in columns.values()]
    is_renamed = len(columns) < len(texts)
    for name in missing if is_renamed else (each for each in missing if each in sheet.needed):
        column = heading(COMMAND_LANGUAGE, name)
        raise InvalidError("book-no-column", place=f"{page.title}!1", column=column)
    return columns


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
