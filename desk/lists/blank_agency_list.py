"""Blank workbook for a list of agencies: its heads, and the choices of kind and position."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING

import xlsxwriter

from catalog.wording import say
from catalog.workbook.excel_sheets import GRID, OPTIONS, EscapingSheet
from catalog.workbook.workbook_sheets import word
from tasks.agencies.registering import KINDS
from tasks.post.contacts import POSITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

# The key of each head in the wording, with the width of its column.
COLUMNS = {
    "settings.agency": 32,
    "book.aliases": 20,
    "agencies.kind": 14,
    "settings.at": 16,
    "settings.person": 16,
    "settings.mail": 32,
    "settings.telephone": 20,
}
ROWS = 500  # that offer the choices


def blank(lang: str) -> bytes:
    """Return the workbook, its heads in the language."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {**OPTIONS, "constant_memory": False})
    book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001  the same bytes
    look = book.add_format({**GRID, "bold": True, "bg_color": "#E8ECF1"})
    page = book.add_worksheet(say(lang, "settings.agency"), EscapingSheet)
    for at, (head, width) in enumerate(COLUMNS.items()):
        page.set_column(at, at, width)
        page.write_string(0, at, say(lang, head), look)
    _offer(page, 2, [word(lang, kind) for kind in KINDS if kind != "open-group"])
    _offer(page, 3, [say(lang, f"settings.position.{position}") for position in POSITIONS])
    page.freeze_panes(1, 1)
    book.close()
    return file.getvalue()


def _offer(page: EscapingSheet, column: int, words: Sequence[str]) -> None:
    choices = {"validate": "list", "source": list(words), "ignore_blank": True}
    page.data_validation(1, column, ROWS, column, choices)
