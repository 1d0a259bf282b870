"""Blank workbooks, one for each use of a tracker, with examples on a second sheet."""

from __future__ import annotations

import datetime as dt
from typing import IO, TYPE_CHECKING

import xlsxwriter

from catalog.wording import say
from catalog.workbook.excel_sheets import GRID, OPTIONS, EscapingSheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

    from catalog.trackers.columns import Role
    from tasks.trackers.uses.uploads import Use

# The columns of each use, in order, with the number of their example in the wording.
COLUMNS: Mapping[Use, Sequence[Role]] = {
    "plan": ("number", "chapter", "title", "lead", "participants", "due", "note"),
    "past": ("number", "title", "lead", "due", "status", "done", "document", "problem"),
    "duties": ("number", "title", "source", "lead", "participants", "due", "note"),
    "progress": ("number", "title", "lead", "due", "progress", "problem", "next_step"),
}
WIDTHS: Mapping[Role, int] = {"number": 6, "title": 40, "progress": 34, "problem": 24}
WIDTH, ROWS, EXAMPLES, HEAD = 18, 500, 2, 15
STATES = ("done", "not-done", "taken-up")
A4 = 9


def write(file: IO[bytes], use: Use, *, lang: str, agencies: Sequence[str]) -> None:
    """Write the blank workbook of a use: heads in `lang`, `agencies` as a choice."""
    book = xlsxwriter.Workbook(file, {**OPTIONS, "constant_memory": False})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001  a fixed instant: the same bytes
    columns = COLUMNS[use]
    blank = _sheet(book, say(lang, f"trackers.use-{use}"), columns, lang)
    examples = _sheet(book, say(lang, "trackers.examples"), columns, lang)
    text = book.add_format({**GRID, "text_wrap": True})
    for number in range(1, EXAMPLES + 1):
        for at, role in enumerate(columns):
            example = str(number) if role == "number" else say(lang, _example(role, number))
            examples.write_string(number, at, example, text)
    if agencies:
        names = book.add_worksheet(say(lang, "trackers.agencies"), EscapingSheet)
        names.write_column(0, 0, agencies)
        names.set_column(0, 0, HEAD * 2)
        source = f"='{names.get_name()}'!$A$1:$A${len(agencies)}"
        _offer(blank, columns, "lead", source)
    _offer(blank, columns, "status", [say(lang, f"tracker-outcome.{state}") for state in STATES])
    blank.activate()
    book.close()


def _example(role: Role, number: int) -> str:
    return f"tracker-example.{role}-{number}"


def _sheet(book: Workbook, name: str, columns: Sequence[Role], lang: str) -> Worksheet:
    look = book.add_format({**GRID, "bold": True, "bg_color": "#E8ECF1", "text_wrap": True})
    sheet = book.add_worksheet(name, EscapingSheet)
    for at, role in enumerate(columns):
        sheet.set_column(at, at, WIDTHS.get(role, WIDTH))
        sheet.write_string(0, at, say(lang, f"tracker-role.{role}"), look)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    return sheet


def _offer(
    sheet: Worksheet, columns: Sequence[Role], role: Role, source: str | Sequence[str]
) -> None:
    """Offer the choices of a column; other words are taken too, and asked about."""
    if role in columns:
        at = columns.index(role)
        rule = {"validate": "list", "source": source, "show_error": False}
        sheet.data_validation(1, at, ROWS, at, rule)
