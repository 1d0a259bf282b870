"""A plan as the sheets of a workbook: rows and cells from a plan's file, and the way back."""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.errors import InvalidError
from catalog.plans.file import PlanFile
from catalog.plans.shares import read_share, share_line
from catalog.trackers.days import typed_day
from catalog.wording import languages
from catalog.workbook.workbook_sheets import HEAD, SHEETS, word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from catalog.plans.rules import At
    from catalog.workbook.workbook_sheets import Cell, Column, Sheet

_BY_TABLE = {sheet.table: sheet for sheet in SHEETS}
_LISTS = tuple(sheet.table for sheet in SHEETS if sheet.table != HEAD)
_DAYS = ("issued_on", "starts_on", "ends_on")  # of the head
_SEVERAL = ("list", "agencies", "shares")  # one a line


class Row(NamedTuple):
    """A row of a sheet by column, and the place of each cell: 任務!H12."""

    table: str
    cells: Mapping[str, Cell]
    places: Mapping[str, str]


# --- a plan's file to rows -----------------------------------------------------------------------


def rows(file: PlanFile, language: str) -> Iterator[tuple[Sheet, list[Cell]]]:
    """Yield the rows of every sheet of a plan's file, in the order of `SHEETS`."""
    names = {t["id"]: t["name"] for kind in ("agency", "group") for t in file.tables.get(kind, ())}
    for key, value in file.tables.items():
        if key not in _LISTS:
            yield _BY_TABLE[HEAD], [key, _head(value)]
    for sheet in SHEETS[1:]:
        for number, table in _tables(file.tables, sheet):
            cells = [_cell(column, table, names, language) for column in sheet.columns]
            yield sheet, [number, *cells[1:]] if sheet.nested else cells


def _tables(tables: Mapping[str, Any], sheet: Sheet) -> Iterator[tuple[str, Mapping[str, Any]]]:
    if not sheet.nested:
        yield from (("", table) for table in tables.get(sheet.table, ()))
        return
    for measure in tables.get("measure", ()):
        yield from ((str(measure["number"]), each) for each in measure.get(sheet.table, ()))


def _head(value: Any) -> Cell:
    """Return a field of the head: plain ones as they are, tables of settings as JSON."""
    if isinstance(value, (str, date)) or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    return json.dumps(value, ensure_ascii=False)


def _cell(
    column: Column, table: Mapping[str, Any], names: Mapping[str, str], language: str
) -> Cell:
    outer, _, inner = column.name.partition(".")
    value = table.get(outer)
    if inner:
        value = value.get(inner) if value else None
    if value is None:
        return None
    if column.sort == "choice":
        return word(language, value)
    if column.sort in ("agency", "agencies"):
        ids = (value,) if isinstance(value, str) else value
        return "\n".join(names.get(each, each) for each in ids)
    if column.sort == "list":
        return value if isinstance(value, str) else "\n".join(value)
    if column.sort == "shares":
        return "\n".join(share_line(share, names) for share in value)
    cell: Cell = value
    return cell


# --- rows to a plan's file -----------------------------------------------------------------------


@dataclass(frozen=True)
class PlanBook(PlanFile):
    """A plan's file from a workbook: `lines` number its cells, whose places are `cells`."""

    cells: tuple[str, ...] = ()

    def _place(self, at: At) -> str:
        return f"{self.name} {self.cells[self._line(at)]}"


def book(rows: Iterable[Row], *, name: str) -> PlanBook:
    """Return the plan's file from the rows of a workbook.

    An answer to a question takes effect: the number of a reading sets its fields; any other word
    means that the sheets have it already. InvalidError names the cell that cannot be read.
    """
    return _Reading(list(rows), name).book()


class _Reading:
    """Tables read from rows, with the cell of each key."""

    def __init__(self, rows: Sequence[Row], name: str) -> None:
        self.rows = rows
        self.name = name
        self.tables: dict[str, Any] = {}
        self.lines: dict[At, int] = {(): 0}
        self.cells = [rows[0].places[min(rows[0].places)] if rows else "?"]
        self.ids = self._ids()

    def book(self) -> PlanBook:
        for row in self.rows:
            if row.table == HEAD:
                self._of_the_head(row)
            elif row.table != "questions":
                self._table(row)
        for row in self.rows:
            if row.table == "questions":
                self._question(row)
        return PlanBook(self.name, self.tables, self.lines, tuple(self.cells))

    def _ids(self) -> dict[str, str]:
        """Return the ids of agencies and groups by name, then by themselves."""
        bodies = [row.cells for row in self.rows if row.table in ("agency", "group")]
        by_id = {str(cells["id"]): str(cells["id"]) for cells in bodies if cells.get("id")}
        by_name = {
            str(cells["name"]): str(cells.get("id")) for cells in bodies if cells.get("name")
        }
        return by_id | by_name

    def _mark(self, at: At, place: str) -> None:
        self.lines[at] = len(self.cells)
        self.cells.append(place)

    def _of_the_head(self, row: Row) -> None:
        key, value = str(row.cells.get("key") or ""), row.cells.get("value")
        if not key or key in self.tables or key in _LISTS:
            raise InvalidError("book-key", place=self._at(row, "key"), key=key)
        self._mark((key,), self._at(row, "value"))
        self.tables[key] = self._headed(row, key, value)

    def _headed(self, row: Row, key: str, value: Cell) -> Any:
        if key in _DAYS and value is not None and not isinstance(value, date):
            return self._day(row, "value", value)
        if not isinstance(value, str) or not value.startswith(("{", "[")):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise InvalidError("book-value", place=self._at(row, "value"), value=value) from None

    def _table(self, row: Row) -> None:
        sheet = _BY_TABLE[row.table]
        at, tables = self._within(row) if sheet.nested else ((), self.tables)
        entries = tables.setdefault(row.table, [])
        at = (*at, row.table, len(entries))
        self._mark(at, self._at(row, sheet.columns[1 if sheet.nested else 0].name))
        table: dict[str, Any] = {}
        for column in sheet.columns[1:] if sheet.nested else sheet.columns:
            value = self._value(row, column)
            outer, _, inner = column.name.partition(".")
            self._mark((*at, outer, *([inner] if inner else [])), self._at(row, column.name))
            if value is not None:
                (table.setdefault(outer, {}) if inner else table)[inner or outer] = value
        entries.append(table)

    def _within(self, row: Row) -> tuple[At, dict[str, Any]]:
        """Return the measure of a row, and its path."""
        number = _plain(row.cells.get("number"))
        for n, measure in enumerate(self.tables.get("measure", ())):
            if measure.get("number") == number:
                return ("measure", n), measure
        raise InvalidError("book-measure", place=self._at(row, "number"), measure=number)

    def _value(self, row: Row, column: Column) -> Any:
        value = row.cells.get(column.name)
        if value is None:
            return None
        if column.sort in _SEVERAL:
            parts = [part for part in str(value).split("\n") if part.strip()]
            return [self._one_of_several(row, column, part) for part in parts]
        if column.sort == "agency":
            return self._agency(row, column, str(value))
        if column.sort == "choice":
            return self._choice(row, column, str(value).strip())
        if column.sort == "text":
            return _plain(value)
        return self._typed(row, column, value)

    def _typed(self, row: Row, column: Column, value: Cell) -> Any:
        """Return a day or a figure, also one typed as text."""
        try:
            if column.sort == "date":
                return value if isinstance(value, date) else self._day(row, column.name, value)
            if isinstance(value, (int, float)):
                return value
            text = str(value).strip()
            return int(text) if text.lstrip("-").isdecimal() else float(text)
        except ValueError:
            place = self._at(row, column.name)
            raise InvalidError("book-value", place=place, value=value) from None

    def _day(self, row: Row, column: str, value: Cell) -> date:
        """Return the one day that a text or a serial number names."""
        day = typed_day(str(value))
        if isinstance(day, date):
            return day
        place = self._at(row, column)
        readings = ", ".join(day.readings) or "-"
        raise InvalidError("book-day", place=place, value=value, readings=readings)

    def _agency(self, row: Row, column: Column, name: str) -> str:
        agency = self.ids.get(name) or self.ids.get(name.strip())
        if agency is None:
            raise InvalidError("book-agency", place=self._at(row, column.name), agency=name)
        return agency

    def _one_of_several(self, row: Row, column: Column, text: str) -> Any:
        if column.sort == "agencies":
            return self._agency(row, column, text)
        if column.sort == "list":
            return text
        try:
            party, share = read_share(text)
        except ValueError:
            place = self._at(row, column.name)
            raise InvalidError("book-value", place=place, value=text) from None
        return {"party": self._agency(row, column, party), **share}

    def _choice(self, row: Row, column: Column, text: str) -> str:
        for value in column.choices:
            if text == value or text in (word(lang, value) for lang in languages()):
                return value
        place, choices = self._at(row, column.name), ", ".join(column.choices)
        raise InvalidError("book-choice", place=place, value=text, known=choices)

    def _question(self, row: Row) -> None:
        answer = _plain(row.cells.get("answer"))
        readings = str(row.cells.get("readings") or "").split("\n")
        if not answer:
            questions = self.tables.setdefault("questions", [])
            self._mark(("questions", len(questions)), self._at(row, "answer"))
            questions.append({"phrase": str(row.cells.get("phrase") or "")})
        elif answer.isdecimal():
            if not 1 <= int(answer) <= len(readings):
                raise InvalidError("book-answer", place=self._at(row, "answer"), answer=answer)
            self._apply(row, readings[int(answer) - 1])

    def _apply(self, row: Row, reading: str) -> None:
        """Set the fields of a reading; a date replaces a recurrence."""
        try:
            fields: dict[str, Any] = tomllib.loads(f"x = {{ {reading} }}")["x"]
        except ValueError:
            place = self._at(row, "readings")
            raise InvalidError("book-value", place=place, value=reading) from None
        measure, table = self._about(row)
        if "due_on" in fields:
            table.pop("recurrence", None)
        if fields.pop("drop", False):
            _drop(measure, table)
        if agencies := fields.pop("add", []):
            table["participants"] = [*table.get("participants", ()), *agencies]
        table.update(fields)

    def _about(self, row: Row) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the measure and the table a question is about."""
        about = _plain(row.cells.get("about"))
        if about == HEAD:
            return self.tables, self.tables
        number, _, local = about.partition(".")
        for measure in self.tables.get("measure", ()):
            if measure.get("number") == number and not local:
                return measure, measure
            for each in (*measure.get("obligation", ()), *measure.get("target", ())):
                if measure.get("number") == number and each.get("id") == local:
                    return measure, each
        raise InvalidError("book-about", place=self._at(row, "about"), about=about)

    def _at(self, row: Row, column: str) -> str:
        return row.places.get(column) or next(iter(row.places.values()))


def _drop(measure: dict[str, Any], table: dict[str, Any]) -> None:
    """Make an obligation or target an aside; a person replaces the reason."""
    for kind in ("obligation", "target"):
        measure[kind] = [each for each in measure.get(kind, ()) if each is not table]
    measure.setdefault("aside", []).append({"says": table["says"], "reason": "不立項"})


def _plain(value: Cell) -> str:
    """Return a cell as text, a whole figure without its decimal point."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)
