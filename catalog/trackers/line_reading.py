"""One line read from the cells of its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from catalog.trackers.cells import TEXTS, Cells
from catalog.trackers.doubt import Doubt, Remark
from catalog.trackers.line import Line
from catalog.trackers.line_bodies import Assigning
from catalog.trackers.line_days import Dating

if TYPE_CHECKING:
    from collections.abc import Mapping as Table

    from catalog.reading.who.register import Register
    from catalog.trackers.cells import Words
    from catalog.trackers.columns import Role
    from catalog.trackers.grid import Grid
    from catalog.trackers.mapping import Mapping


class LineReading:
    """Reads the lines of one tracker, from its first task to its last."""

    def __init__(
        self,
        grid: Grid,
        mapping: Mapping,
        register: Register,
        year: int | None,
        answers: Table[str, str],
    ) -> None:
        self.cells = Cells(grid, mapping, answers)
        self.assigning = Assigning(self.cells, register)
        self.dating = Dating(self.cells, year)
        self.words: Table[Role, Words] = {}

    def line(self, row: int, section: str) -> Line:
        """Return the line of a row; `section` is its heading."""
        grid, mapping = self.cells.grid, self.cells.mapping
        words = self.words = self.cells.row(row)
        title, chapter = self._title(row, section)
        here = grid.place(row, min(mapping.of("title"), default=0))
        lead, participants = self.assigning.assign(words, here)
        when = self.dating.due(words.get("due"))
        texts: dict[str, Any] = {role: words[role].text for role in TEXTS if role in words}
        line = Line(
            place=f"{grid.sheet}!{row + 1}",
            row=row,
            number=words["number"].text if "number" in words else "",
            title=title,
            chapter=chapter,
            lead=lead,
            participants=participants,
            opens_on=self.dating.day(words.get("opens"), "opens") or when.opens_on,
            due_on=when.due_on,
            recurrence=when.recurrence,
            done_on=self.dating.day(words.get("done"), "done"),
            due_text=words["due"].text if "due" in words else "",
            is_hidden=row in grid.hidden_rows,
            **texts,
        )
        if line.is_hidden:
            self.cells.remarks.append(Remark(line.place, "number", "hidden-row", title))
        return line._replace(doubts=tuple(self.cells.doubts), remarks=tuple(self.cells.remarks))

    def _title(self, row: int, section: str) -> tuple[str, str]:
        """Return the title, of several columns from the widest to the closest, and its heading."""
        title = "：".join(self.cells.lines(row, "title"))
        if not title:
            column = min(self.cells.mapping.of("title"), default=0)
            place = self.cells.grid.place(row, column)
            title = self.cells.ask(Doubt(place, "title", "title-missing", "")) or ""
        headings = dict.fromkeys((section, *self.cells.lines(row, "chapter")))
        return title, " / ".join(filter(None, headings))
