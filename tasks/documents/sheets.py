"""What stands in a workbook that was brought back: its rows by column, each cell with its place."""

from __future__ import annotations

import datetime as dt
import re
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from catalog.clean import kept
from catalog.duties.file_types import XLSX, media_type
from catalog.errors import InvalidError
from catalog.reports.list_columns import ASKED, COLUMNS, CONTACTS
from catalog.wording import languages, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from catalog.reports.list_columns import Column

Kind = Literal["duties", "contacts"]
NEEDED: Mapping[Kind, frozenset[str]] = {
    "duties": frozenset({"key", "mark", *ASKED}),
    "contacts": frozenset({"agency", "position", "channel", "address"}),
}
MOST = 200_000  # rows read; more than any office has
# What openpyxl raises where a part is missing, is no XML, or says what it cannot mean.
BROKEN = (ArithmeticError, AttributeError, LookupError, SyntaxError, TypeError, ValueError)
# Excel writes what XML cannot hold as _x000D_, and a text that looks so as _x005F_x000D_.
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


HEADED: tuple[tuple[Kind, Sequence[Column]], ...] = (("duties", COLUMNS), ("contacts", CONTACTS))


class Row(NamedTuple):
    """One row of a sheet that is not empty: the text of each column, and the column's letter.

    A cell that holds a formula, or what became of one, is named in `reckoned` and has no text.
    """

    kind: Kind
    sheet: str
    number: int
    texts: Mapping[str, str]
    letters: Mapping[str, str]
    reckoned: frozenset[str]

    @property
    def subject(self) -> str:
        """What the row is about: the key of a duty, or `agency/position/channel`."""
        named = ("key",) if self.kind == "duties" else ("agency", "position", "channel")
        return "/".join(self.texts[name] for name in named)

    def place(self, column: str) -> str:
        """Return where the cell of `column` is, as the person finds it: 督辦台賬!H12."""
        return f"{self.sheet}!{self.letters[column]}{self.number}"


def rows(content: IO[bytes], *, name: str) -> list[Row]:
    """Return the rows of every sheet whose headings are those of an export, in any language.

    Raises InvalidError for a file that is no workbook, hides or unfolds to something, or has no
    such sheet.
    """
    if media_type(name, content) != XLSX:
        raise InvalidError("import-no-workbook", place=name)
    content.seek(0)
    try:
        return list(_read(content, name))
    except BROKEN as error:
        raise InvalidError("evidence-broken", place=name) from error


def _read(content: IO[bytes], name: str) -> Iterator[Row]:
    book = load_workbook(content, read_only=True)
    found = [each for sheet in book.worksheets for each in [_headed(sheet)] if each]
    if not found:
        raise InvalidError("import-no-sheet", place=name)
    for kind, sheet, places in found:
        yield from _rows(kind, sheet, places)


def _headed(sheet: Any) -> tuple[Kind, Any, Mapping[str, int]] | None:
    """Return what a sheet is by its first row, with the place of each column."""
    sheet.reset_dimensions()  # what a file says of its size is not to be relied on
    first = next(sheet.iter_rows(max_row=1, values_only=True), ())
    headings = [str(value or "").strip() for value in first]
    for kind, columns in HEADED:
        known = _known(columns)
        places = {known[said]: at for at, said in enumerate(headings) if said in known}
        if NEEDED[kind] <= places.keys():
            return kind, sheet, places
    return None


def _known(columns: Sequence[Column]) -> dict[str, str]:
    return {say(lang, f"column.{c.name}"): c.name for lang in languages() for c in columns}


def _rows(kind: Kind, sheet: Any, places: Mapping[str, int]) -> Iterator[Row]:
    letters = {name: get_column_letter(at + 1) for name, at in places.items()}
    for number, cells in enumerate(sheet.iter_rows(min_row=2), 2):
        if number > MOST:
            raise InvalidError("import-too-long", place=f"{sheet.title}!{number}", most=MOST)
        found = {name: cells[at] for name, at in places.items() if at < len(cells)}
        texts = {name: _text(found[name].value) if name in found else "" for name in places}
        reckoned = frozenset(name for name, cell in found.items() if cell.data_type in "fe")
        if any(texts.values()):
            yield Row(kind, sheet.title, number, texts, letters, reckoned)


def _text(value: Any) -> str:
    """Return the text of a cell; a number or a day somebody typed reads as it is shown."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    return kept(unescaped(str(value)))


def unescaped(text: str) -> str:
    """Return a text of a cell with what Excel escapes as it was written."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
