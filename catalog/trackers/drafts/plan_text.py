"""Text of a tracker that becomes a plan: a line for each cell that a plan takes.

    ⟦督查台账.xlsx⟧ 2026年重点工作督查台账
    ⟦督查台账⟧ 2026 序号、事项、牵头单位、完成时限
    ⟦督查台账!5⟧
    序号:1
    重点任务:新建学校
    责任单位:市教育局 ⇒ 市教育局（本级）
    完成时限:6月底前

Behind `⇒` stands what a person answered in place of the words. A row that is no task stands on one
line, with the word for its kind behind `-` and before a colon.
"""

from __future__ import annotations

import functools
import re
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from catalog.errors import InvalidError
from catalog.reading.document.lines import Paper
from catalog.reading.script import language_of
from catalog.reading.span import Span
from catalog.trackers.days import typed_day
from catalog.trackers.line_reading import LineReading
from catalog.trackers.lines import year_of
from catalog.trackers.table_rows import table_rows
from catalog.wording import languages, say, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Table

    from catalog.reading.who.register import Register
    from catalog.trackers.columns import Role
    from catalog.trackers.grid import Grid
    from catalog.trackers.mapping import Mapping

TAKEN: tuple[Role, ...] = (
    "number", "chapter", "title", "source", "lead", "participants", "opens", "due",
)  # fmt: skip
ANSWER = " ⇒ "
_MARK = re.compile(r"⟦(?P<name>[^⟧]*)⟧(?: (?P<rest>.*))?")
_LISTS = ("lead", "participants")  # roles whose line breaks part names


def _role_words(lang: str) -> dict[Role, str]:
    return {role: say(lang, f"tracker-role.{role}") for role in TAKEN}


@functools.cache
def _roles() -> dict[str, Role]:
    """Return the roles by their words in every language."""
    return {word: role for lang in languages() for role, word in _role_words(lang).items()}


@functools.cache
def _kinds() -> dict[str, str]:
    """Return the kinds of rows and sheets that are no tasks by their words in every language."""
    prefix = "tracker-row."
    every = (texts(lang) for lang in languages())
    return {
        text: key.removeprefix(prefix)
        for each in every
        for key, text in each.items()
        if key.startswith(prefix)
    }


class PlanSheet(NamedTuple):
    """A sheet to be drafted: its mapping, the year of days without one, and answers by doubt."""

    grid: Grid
    mapping: Mapping
    year: int | None = None
    answers: Table[str, str] = {}


class CellText(NamedTuple):
    """The words of a cell at their place in the text, and what a person answered instead."""

    words: str
    span: Span
    answer: str | None


class RowText(NamedTuple):
    """A row of a tracker's text; `kind` is "" for a task, which alone has cells."""

    place: str
    span: Span
    kind: str = ""
    cells: Table[Role, CellText] = {}


class SheetText(NamedTuple):
    """A sheet of a tracker's text: the year of days without one, its roles and rows."""

    name: str
    year: int | None
    roles: tuple[Role, ...]
    rows: tuple[RowText, ...]


def plan_text(sheets: Iterable[PlanSheet], register: Register, *, name: str) -> str:
    """Return the text of the sheets of the file `name`; InvalidError where none has a table."""
    parts = list(sheets)
    tables = [sheet for sheet in parts if sheet.mapping.head_row >= 0 and not sheet.grid.is_hidden]
    if not tables:
        raise InvalidError("tracker-no-table", place=name)
    title = next(filter(None, (_title(sheet) for sheet in tables)), "")
    lines = [f"⟦{name}⟧ {title}".rstrip()]
    for sheet in parts:
        lines += _lines(sheet, register) if sheet in tables else [_left_out(sheet)]
    return "\n".join(lines)


def is_plan_text(text: str) -> bool:
    """Tell whether a text is that of a tracker."""
    return text.startswith("⟦") and "\n⟦" in text


def _left_out(sheet: PlanSheet) -> str:
    kind = "hidden-sheet" if sheet.grid.is_hidden else "no-table"
    return f"⟦{sheet.grid.sheet}⟧ - {say(_language(sheet), f'tracker-row.{kind}')}:"


def _language(sheet: PlanSheet) -> str:
    return language_of("".join(sheet.mapping.heads.values()) or sheet.grid.sheet)


def _title(sheet: PlanSheet) -> str:
    """Return the longest line above the heads, which is the title."""
    rows = range(sheet.mapping.head_row)
    texts = (sheet.grid.cell(row, n).text for row in rows for n in range(sheet.grid.width))
    return max((_one_line(text) for text in texts), key=len, default="")


def _lines(sheet: PlanSheet, register: Register) -> Iterator[str]:
    """Yield the lines of a sheet: its header, and each row that is not empty."""
    grid, mapping = sheet.grid, sheet.mapping
    year = sheet.year or year_of(grid, mapping)
    roles = [role for role in TAKEN if mapping.of(role)]
    rows = list(table_rows(grid, mapping))
    if "chapter" not in roles and any(each.kind == "section" for each in rows):
        roles.insert(0, "chapter")
    lang = _language(sheet)
    words = _role_words(lang)
    yield f"⟦{grid.sheet}⟧ {year or '-'} {'、'.join(words[role] for role in roles)}"
    reading, section = LineReading(grid, mapping, register, year, sheet.answers), ""
    for each in rows:
        place = f"⟦{grid.sheet}!{each.row + 1}⟧"
        if each.kind == "task":
            hidden = f" - {say(lang, 'tracker-row.hidden-row')}:"
            yield f"{place}{hidden if each.row in grid.hidden_rows else ''}"
            yield from _cells(sheet, reading, each.row, roles, section)
        elif each.kind != "empty":
            section = each.text if each.kind == "section" else section
            yield f"{place} - {say(lang, f'tracker-row.{each.kind}')}: {_one_line(each.text)}"


def _cells(
    sheet: PlanSheet, reading: LineReading, row: int, roles: Iterable[Role], section: str
) -> Iterator[str]:
    line = reading.line(row, section)
    own: dict[Role, str] = {"chapter": line.chapter, "title": line.title}
    for role in roles:
        columns = sheet.mapping.of(role)
        head = sheet.mapping.heads.get(columns[0], "") if columns else ""
        label = _label(head) or say(_language(sheet), f"tracker-role.{role}")
        words = own.get(role) or (reading.words[role].text if role in reading.words else "")
        text = _one_line(words, _between(role))
        answer = text if role in own else _meant(sheet, reading, role, text)
        yield f"{label}:{text}{ANSWER if answer != text else ''}{answer if answer != text else ''}"


def _meant(sheet: PlanSheet, reading: LineReading, role: Role, text: str) -> str:
    """Return the words of a cell with the answers of a person, or the day typed in it."""
    words = reading.words.get(role)
    if words and words.day:
        return words.day.isoformat()
    for doubt in reading.cells.asked.values():
        answer = sheet.answers.get(doubt.id)
        if answer is not None and doubt.role == role:
            answer, old = (
                reading.assigning.names.get(answer, answer),
                _one_line(doubt.text, _between(role)),
            )
            text = text.replace(old, answer, 1) if old else f"{text}{answer}"
    return _of_1900(text, sheet.grid.epoch) if role in ("opens", "due") else text


def _of_1900(text: str, epoch: date) -> str:
    """Return a serial number of a workbook that counts from 1904 as its day."""
    day = typed_day(text, epoch=epoch)
    return day.isoformat() if isinstance(day, date) and day != typed_day(text) else text


def _between(role: Role) -> str:
    return "、" if role in _LISTS else " "


def _label(head: str) -> str:
    return _one_line(head).replace(":", " ").replace("⟦", "[").strip()


def _one_line(text: str, between: str = " ") -> str:
    return between.join(" ".join(line.split()) for line in text.split("\n") if line.strip())


def read_plan_text(text: str) -> list[SheetText]:
    """Return the sheets of a tracker's text."""
    sheets: list[SheetText] = []
    rows: list[RowText] = []
    at = text.find("\n") + 1
    lines = _located(text[at:], at)
    for start, line in lines:
        match = _MARK.fullmatch(line)
        if match is None:
            continue
        name, rest = match["name"], match["rest"] or ""
        kind = _kinds().get(rest[2:].partition(":")[0], "") if rest.startswith("- ") else ""
        if "!" in name and sheets:
            cells = {}
            if kind in ("", "hidden-row"):
                cells = dict(_read_cells(lines, sheets[-1].roles))
            end = max([start + len(line), *(cell.span.end for cell in cells.values())])
            rows.append(RowText(name, Span(start, end), kind, cells))
            continue
        if sheets:
            sheets[-1] = sheets[-1]._replace(rows=tuple(rows))
        rows = [RowText(name, Span(start, start + len(line)), kind)] if kind else []
        year, _, words = rest.partition(" ")
        roles = tuple(_roles()[word] for word in words.split("、") if word in _roles())
        sheets.append(SheetText(name, int(year) if year.isdecimal() else None, roles, ()))
    if sheets:
        sheets[-1] = sheets[-1]._replace(rows=tuple(rows))
    return sheets


def _located(text: str, at: int) -> Iterator[tuple[int, str]]:
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def _read_cells(
    lines: Iterator[tuple[int, str]], roles: Iterable[Role]
) -> Iterator[tuple[Role, CellText]]:
    for role in roles:
        start, line = next(lines, (0, ":"))
        label, _, rest = line.partition(":")
        words, arrow, answer = rest.partition(ANSWER)
        first = start + len(label) + 1
        yield role, CellText(words, Span(first, first + len(words)), answer if arrow else None)


def paper_of(text: str, *, name: str) -> Paper:
    """Return the paper of a tracker's text, whose lines are numbered by the rows of its sheet."""
    starts, numbers, number = [], [], 1
    for start, line in _located(text, 0):
        match = _MARK.fullmatch(line)
        row = match["name"].rpartition("!")[2] if match else ""
        number = int(row) if row.isdecimal() and match and "!" in match["name"] else number
        starts.append(start)
        numbers.append(number)
    return Paper(name, text, tuple(starts), tuple(numbers))
