"""The ledger as an Excel workbook: typed cells, and no user's text as a formula."""

from __future__ import annotations

import datetime as dt
from typing import IO, TYPE_CHECKING, NamedTuple

import xlsxwriter

from catalog.reports.export_columns import COLUMNS, CONTACTS
from catalog.reports.export_columns import lines as lines_of
from catalog.wording import say, spell
from catalog.workbook.excel_sheets import GRID, OPTIONS, EscapingSheet
from desk.lists.cells import cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from catalog.reports.export_columns import Column
    from desk.lists.cells import Cell, Frame
    from tasks.documents.listing import Line
    from tasks.post.contacts import Contact

A4 = 9
MARGINS = {"left": 0.4, "right": 0.4, "top": 0.7, "bottom": 0.6}  # inches
LIGHTS = {"red": "#B42318", "amber": "#8A5A00", "green": "#1E6B34"}
LINE = 15  # points of height
HIGHEST = 400  # points; Excel's limit is 409
PLACES = {column.name: at for at, column in enumerate(COLUMNS)}
LIGHT, PRINTED = PLACES["light"], PLACES["key"]  # columns from `key` on serve the import


class _Looks(NamedTuple):
    """The formats of the cells by their kind."""

    heading: Format
    answer: Format
    text: Format
    date: Format
    count: Format


def write(
    file: IO[bytes], lines: Iterable[Line], frame: Frame, *, contacts: Sequence[Contact] = ()
) -> int:
    """Write the list into `file`, with a sheet of `contacts` if there are any; return its length.

    One row at a time is in memory; the same list on the same day is the same bytes.
    """
    book = xlsxwriter.Workbook(file, OPTIONS)
    title = say(frame.lang, "sheet.duties")
    book.set_properties({"title": title, "created": dt.datetime.combine(frame.on, dt.time())})
    looks = _looks(book)
    sheet, number = _sheet(book, title, COLUMNS, frame, looks), 0
    for number, line in enumerate(lines, 1):
        row = cells(number, line, frame)
        sheet.set_row(number, _height(row))
        for at, column in enumerate(COLUMNS):
            _put(sheet, number, at, cell=row[column.name], looks=looks)
    sheet.autofilter(0, 0, number, len(COLUMNS) - 1)
    sheet.print_area(0, 0, number, PRINTED - 1)
    _colour(book, sheet, number, frame.lang)
    if contacts:
        _write_contacts(book, contacts, frame, looks)
    book.close()
    return number


def _sheet(
    book: Workbook, title: str, columns: Sequence[Column], frame: Frame, looks: _Looks
) -> Worksheet:
    """Return a sheet with headings that stay on the screen and on each printed page."""
    sheet: Worksheet = book.add_worksheet(title, EscapingSheet)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, None, {"hidden": column.name == "mark"})
        heading = say(frame.lang, f"column.{column.name}")
        sheet.write_string(0, at, heading, looks.answer if column.asks else looks.heading)
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    sheet.set_row(0, 2 * LINE)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(**MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_header(f"&L{title}&R{spell(frame.lang, frame.on)}")
    sheet.set_footer("&C&P / &N")
    return sheet


def _height(row: Mapping[str, Cell]) -> int:
    """Return the height in points that shows all of a row's text."""
    texts = ((row[column.name], column.width) for column in COLUMNS[:PRINTED])
    most = max(lines_of(text, width - 1) for text, width in texts if isinstance(text, str))
    return min(LINE * most + 2, HIGHEST)


def _put(sheet: Worksheet, row: int, at: int, *, cell: Cell, looks: _Looks) -> None:
    """Write a cell by its type: a string stays text, whatever it looks like."""
    if cell is None or cell == "":
        sheet.write_blank(row, at, None, looks.text)
    elif isinstance(cell, str):
        sheet.write_string(row, at, cell, looks.text)
    elif isinstance(cell, int):
        sheet.write_number(row, at, cell, looks.count)
    else:
        sheet.write_datetime(row, at, cell, looks.date)


def _colour(book: Workbook, sheet: Worksheet, last: int, lang: str) -> None:
    """Colour the words of the lights."""
    for light, colour in LIGHTS.items():
        begins = {"type": "text", "criteria": "begins with", "value": say(lang, f"light.{light}")}
        look = book.add_format({"font_color": colour, "bold": True})
        sheet.conditional_format(1, LIGHT, max(last, 1), LIGHT, {**begins, "format": look})


def _write_contacts(
    book: Workbook, contacts: Sequence[Contact], frame: Frame, looks: _Looks
) -> None:
    sheet = _sheet(book, say(frame.lang, "sheet.contacts"), CONTACTS, frame, looks)
    for row, contact in enumerate(contacts, 1):
        values = contact._asdict() | {"agency_name": frame.agencies[contact.agency].name}
        for at, column in enumerate(CONTACTS):
            _put(sheet, row, at, cell=values[column.name], looks=looks)


def _looks(book: Workbook) -> _Looks:
    head = {**GRID, "bold": True, "text_wrap": True, "valign": "vcenter"}
    return _Looks(
        heading=book.add_format({**head, "bg_color": "#E8ECF1"}),
        answer=book.add_format({**head, "bg_color": "#FFF4D6"}),
        text=book.add_format({**GRID, "text_wrap": True}),
        date=book.add_format({**GRID, "num_format": "yyyy-mm-dd", "align": "center"}),
        count=book.add_format({**GRID, "align": "center"}),
    )
