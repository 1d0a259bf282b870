"""Rows of a returned workbook by column, each cell with its place."""

from __future__ import annotations

import datetime as dt
import io
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from catalog.clean import clean
from catalog.duties.file_types import XLSX, media_type
from catalog.errors import InvalidError
from catalog.reports.export_columns import ASKED, COLUMNS, CONTACTS
from catalog.trackers.days import typed_day
from catalog.wording import languages, say
from ledger.child import call_in_child
from tasks.spreadsheets.encodings import BROKEN, unescaped

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from catalog.reports.export_columns import Column

Kind = Literal["duties", "contacts"]
NEEDED: Mapping[Kind, frozenset[str]] = {
    "duties": frozenset({"key", "mark", *ASKED}),
    "contacts": frozenset({"agency", "position", "channel", "address"}),
}
MOST = 200_000  # rows read; more than any office has
_DAYS = frozenset(column.name for column in COLUMNS if column.kind == "date")
_SEARCHED = 20  # rows for the headings: people put titles above them
HEADINGS: tuple[tuple[Kind, Sequence[Column]], ...] = (("duties", COLUMNS), ("contacts", CONTACTS))


class Row(NamedTuple):
    """One row of a sheet that is not empty: the text of each column, and the column's letter.

    A cell with a formula or an error is named in `reckoned` and has no text. `others` are the
    texts of columns that no export has, by heading.
    """

    kind: Kind
    sheet: str
    number: int
    texts: Mapping[str, str]
    letters: Mapping[str, str]
    reckoned: frozenset[str]
    others: Mapping[str, str] = {}

    @property
    def subject(self) -> str:
        """The subject of the row: the key of a duty, or `agency/position/channel`."""
        columns = ("key",) if self.kind == "duties" else ("agency", "position", "channel")
        return "/".join(self.texts[name] for name in columns)

    def place(self, column: str) -> str:
        """Return the place of the cell of `column` as Excel shows it: 督辦台賬!H12."""
        return f"{self.sheet}!{self.letters[column]}{self.number}"


def rows(content: IO[bytes], *, name: str) -> list[Row]:
    """Return the rows of every sheet with the headings of an export, in any language.

    They are read in a child process (`ledger/child.py`). Raises InvalidError for a file that is no
    workbook, holds macros or a zip bomb, or has no such sheet.
    """
    content.seek(0)
    return call_in_child(rows_of, content.read(), name, place=name)


def rows_of(data: bytes, name: str) -> list[Row]:
    """Return the rows of a workbook's bytes, read in this process."""
    content = io.BytesIO(data)
    if media_type(name, content) != XLSX:
        raise InvalidError("import-no-workbook", place=name)
    content.seek(0)
    try:
        return list(_read(content, name))
    except BROKEN as error:
        raise InvalidError("evidence-broken", place=name) from error


def _read(content: IO[bytes], name: str) -> Iterator[Row]:
    book = load_workbook(content, read_only=True)
    sheets = [each for sheet in book.worksheets for each in [_identify(sheet)] if each]
    if not sheets:
        raise InvalidError("import-no-sheet", place=name)
    for kind, sheet, places in sheets:
        yield from _rows(kind, sheet, places)


def _identify(sheet: Any) -> tuple[Kind, Any, Mapping[str, int]] | None:
    """Return the kind of a sheet by its first row, with the place of each column.

    InvalidError for a sheet that was exported and has lost a heading, or has rows above them.
    """
    sheet.reset_dimensions()  # the size that a file declares may be wrong
    rows = enumerate(sheet.iter_rows(max_row=_SEARCHED, values_only=True), 1)
    for number, values in rows:
        headings = [str(value or "").strip() for value in values]
        for kind, columns in HEADINGS:
            names = _column_names(columns)
            places = {names[heading]: at for at, heading in enumerate(headings) if heading in names}
            if len(NEEDED[kind] & places.keys()) * 2 > len(NEEDED[kind]):
                _check_headings(f"{sheet.title}!{number}", kind, headings, names)
                return kind, sheet, places
    return None


def _check_headings(
    place: str, kind: Kind, headings: Sequence[str], names: Mapping[str, str]
) -> None:
    present = {names[heading] for heading in headings if heading in names}
    for column in sorted(NEEDED[kind] - present):
        others = ", ".join(heading for heading in headings if heading and heading not in names)
        lang = max(languages(), key=lambda each: _matches(each, kind, headings))
        heading = say(lang, f"column.{column}")
        raise InvalidError("import-no-column", place=place, column=heading, others=others or "-")
    if not place.endswith("!1"):
        raise InvalidError("import-headings", place=place)


def _matches(lang: str, kind: Kind, headings: Sequence[str]) -> int:
    return sum(say(lang, f"column.{column}") in headings for column in NEEDED[kind])


def _headings(sheet: Any) -> list[str]:
    first = next(sheet.iter_rows(max_row=1, values_only=True), ())
    return [str(value or "").strip() for value in first]


def _column_names(columns: Sequence[Column]) -> dict[str, str]:
    return {say(lang, f"column.{c.name}"): c.name for lang in languages() for c in columns}


def _rows(kind: Kind, sheet: Any, places: Mapping[str, int]) -> Iterator[Row]:
    others = {
        at: heading for at, heading in enumerate(_headings(sheet)) if at not in places.values()
    }
    letters = {name: get_column_letter(at + 1) for name, at in places.items()}
    letters |= {heading: get_column_letter(at + 1) for at, heading in others.items()}
    width = max([*places.values(), *others]) + 1
    for number, cells in enumerate(sheet.iter_rows(min_row=2, max_col=width), 2):
        if number > MOST:
            raise InvalidError("import-too-long", place=f"{sheet.title}!{number}", most=MOST)
        row = {name: cells[at] for name, at in places.items() if at < len(cells)}
        texts = {n: _text(row[n].value, is_day=n in _DAYS) if n in row else "" for n in places}
        reckoned = frozenset(name for name, cell in row.items() if cell.data_type in "fe")
        more = {h: text for at, h in others.items() if (text := _text_at(cells, at))}
        if any(texts.values()):
            yield Row(kind, sheet.title, number, texts, letters, reckoned, more)


def _text_at(cells: Sequence[Any], at: int) -> str:
    return _text(cells[at].value) if at < len(cells) else ""


def _text(value: Any, *, is_day: bool = False) -> str:
    """Return the text of a cell; numbers and days read as Excel shows them."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = clean(unescaped(str(value)))
    day = typed_day(text) if is_day else None
    return day.isoformat() if isinstance(day, dt.date) else text
