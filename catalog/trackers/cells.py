"""Cells of a tracker by role: their words, what is guessed of them, and what must be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.trackers.columns import replaces
from catalog.trackers.doubt import Doubt, Remark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Table
    from datetime import date

    from catalog.trackers.columns import Role
    from catalog.trackers.grid import Grid
    from catalog.trackers.mapping import Mapping

# What a cell merged over several tasks says of each of them; of the rest it is asked.
_OF_ALL: frozenset[Role] = frozenset(
    ("number", "chapter", "title", "source", "lead", "participants", "person", "opens", "due",
     "note")
)  # fmt: skip
_OF_NAMES = frozenset(("agency-unknown", "list-open"))  # one answer for the same words anywhere
_DITTO = frozenset(("同上", "〃", "”", "“", "''", '"', "ditto", "as above", "同前"))
_NONE = frozenset(("无", "暂无", "-", "--", "/", "n/a", "nil", "none"))
_HEADED: tuple[Role, ...] = ("progress", "problem", "note")  # each text under its column's head
TEXTS: tuple[Role, ...] = (
    "source", "person", "status", "percent", "progress", "problem", "next_step", "document", "note",
)  # fmt: skip


class Words(NamedTuple):
    """The words of a role in a row, with the place of their cell and a day typed as one."""

    text: str
    place: str
    day: date | None = None


class Cells:
    """The cells of one tracker, row by row, with the answers of a person by doubt."""

    def __init__(self, grid: Grid, mapping: Mapping, answers: Table[str, str]) -> None:
        self.grid, self.mapping, self.answers = grid, mapping, answers
        self.doubts: list[Doubt] = []
        self.remarks: list[Remark] = []
        self.asked: dict[str, Doubt] = {}  # of the row, those that were answered among them
        self.above: dict[Role, str] = {}
        self._over: dict[int, str] = {}  # texts by column, of the rows above

    def row(self, row: int) -> dict[Role, Words]:
        """Return the words of a row by role, and begin its doubts and remarks."""
        self.doubts, self.remarks, self.asked = [], [], {}
        roles = dict.fromkeys(self.mapping.columns.values())
        words = {role: self._words(row, role) for role in roles}
        self.above = {role: each.text for role, each in words.items() if each.text}
        return words

    def ask(self, doubt: Doubt) -> str | None:
        """Return the answer to a doubt, else None after asking it."""
        self.asked[doubt.id] = doubt
        answer = self.answers.get(doubt.id)
        if answer is None and doubt.key in _OF_NAMES:
            answer = self._of_same_name(doubt)
        if answer is None:
            self.doubts.append(doubt)
        return answer

    def _of_same_name(self, doubt: Doubt) -> str | None:
        """Return the answer about the same name in another cell, said beside this one."""
        ends = tuple(f" {role} {doubt.text}" for role in ("lead", "participants"))
        answer = next((a for id_, a in self.answers.items() if id_.endswith(ends)), None)
        if answer is not None:
            remark = Remark(doubt.place, doubt.role, "same-answer", doubt.text, answer or "-")
            self.remarks.append(remark)
        return answer

    def remark(self, words: Words, role: Role, key: str, reading: str = "") -> None:
        """Say how the words of a role were read."""
        self.remarks.append(Remark(words.place, role, key, words.text, reading))

    def lines(self, row: int, role: Role) -> Iterable[str]:
        """Return the different texts of a role's columns, each on one line."""
        texts = (self._meant(row, column) for column in self.mapping.of(role))
        return dict.fromkeys(filter(None, (" ".join(text.split()) for text in texts)))

    def texts_of(self, *roles: Role) -> Iterator[str]:
        """Yield the texts of all rows in the columns of some roles."""
        for role in roles:
            for column in self.mapping.of(role):
                yield from (self.grid.cell(row, column).text for row in range(len(self.grid.rows)))

    def _words(self, row: int, role: Role) -> Words:
        """Return the words of a role, those of several columns one under the other."""
        columns = self.mapping.of(role)
        several = {column: self._cell(row, column, role) for column in columns}
        full = {column: each for column, each in several.items() if each.text}
        if not full:
            return several[columns[0]]
        if role == "due" and (anew := [n for n in full if replaces(self.mapping.heads.get(n, ""))]):
            return full[anew[-1]]
        texts = [each.text for each in full.values()]
        if len(full) > 1 and role in _HEADED:
            texts = [f"{self.mapping.heads.get(c, '')}: {each.text}" for c, each in full.items()]
        first = next(iter(full.values()))
        return first._replace(text="\n".join(dict.fromkeys(texts)))

    def _cell(self, row: int, column: int, role: Role) -> Words:
        """Return the words of a cell, with what is guessed or asked of it."""
        cell = self.grid.shown(row, column)
        words = Words(cell.text.strip(), self.grid.place(row, column), cell.day)
        if words.text and self._is_merged(row, column):
            if role not in _OF_ALL:
                return self._asked(words, role, "merged", (words.text, ""))
            self.remark(words, role, "merged", words.text)
        if cell.note:
            return self._asked(words, role, cell.note)
        if role in TEXTS and fold(words.text).lower() in _NONE:
            return words._replace(text="")
        text = self._meant(row, column)
        if text != words.text:
            self.remark(words, role, "ditto", text)
            return words._replace(text=text)
        return words

    def _meant(self, row: int, column: int) -> str:
        """Return the text of a cell, for 同上 that of the cell above."""
        text = self.grid.shown(row, column).text.strip()
        if fold(text).lower() in _DITTO:
            return self._over.get(column, text)
        if text:
            self._over[column] = text
        return text

    def _asked(self, words: Words, role: Role, key: str, readings: tuple[str, ...] = ()) -> Words:
        answer = self.ask(Doubt(words.place, role, key, words.text, readings))
        return Words(words.text if answer is None else answer, words.place)

    def _is_merged(self, row: int, column: int) -> bool:
        """Tell whether a cell has its text from a task above, by a range below the heads."""
        area = self.grid.range_at(row, column)
        return bool(area and self.mapping.first_row <= area.top < row)
