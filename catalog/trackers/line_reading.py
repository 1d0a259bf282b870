"""One line read from the cells of its row."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.reading.grammar.folding import fold
from catalog.trackers.bodies import bodies
from catalog.trackers.days import DayDoubt, day_first, in_order, likely
from catalog.trackers.doubt import Doubt, Remark
from catalog.trackers.line import Line
from catalog.trackers.when import When, typed_when

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Table

    from catalog.reading.who.register import Register
    from catalog.trackers.bodies import Bodies, Body
    from catalog.trackers.columns import Role
    from catalog.trackers.grid import Grid
    from catalog.trackers.mapping import Mapping

# What a cell merged over several tasks says of each of them; of the rest it is asked.
_OF_ALL: frozenset[Role] = frozenset(
    ("number", "chapter", "title", "source", "lead", "participants", "person", "opens", "due",
     "note")
)  # fmt: skip
_DITTO = frozenset(("同上", "〃", "”", "“", "''", '"', "ditto", "as above", "同前"))
_NONE = frozenset(("无", "暂无", "-", "--", "/", "n/a", "nil", "none"))
_TASK_TEXTS: tuple[Role, ...] = (
    "source", "person", "status", "percent", "progress", "problem", "next_step", "document", "note",
)  # fmt: skip


class Words(NamedTuple):
    """The words of a role in a row, with the place of their cell and a day typed as one."""

    text: str
    place: str
    day: date | None = None


class LineReading:
    """Reads the lines of one tracker."""

    def __init__(
        self,
        grid: Grid,
        mapping: Mapping,
        register: Register,
        year: int | None,
        answers: Table[str, str],
    ) -> None:
        self.grid, self.mapping, self.register = grid, mapping, register
        self.year, self.answers = year, answers
        self.names = {agency.id: agency.name for agency in register.agencies}
        self.doubts: list[Doubt] = []
        self.remarks: list[Remark] = []
        self.asked: dict[str, Doubt] = {}  # of the line, those that were answered among them
        self.row: Table[Role, Words] = {}
        self.above: Table[Role, str] = {}
        self.day_first = day_first(self._day_texts())

    def line(self, row: int, section: str) -> Line:
        """Return the line of a row; `section` is its heading."""
        self.doubts, self.remarks, self.asked = [], [], {}
        words = {
            role: self._words(row, role) for role in dict.fromkeys(self.mapping.columns.values())
        }
        self.row = words
        title, chapter = self._title(row, section)
        here = self.grid.place(row, min(self.mapping.of("title"), default=0))
        lead, participants = self._assign(words, here)
        when = self._when(words.get("due"))
        texts: dict[str, Any] = {role: words[role].text for role in _TASK_TEXTS if role in words}
        line = Line(
            place=f"{self.grid.sheet}!{row + 1}",
            row=row,
            number=words["number"].text if "number" in words else "",
            title=title,
            chapter=chapter,
            lead=lead,
            participants=participants,
            opens_on=self._day(words.get("opens"), "opens") or when.opens_on,
            due_on=when.due_on,
            recurrence=when.recurrence,
            done_on=self._day(words.get("done"), "done"),
            due_text=words["due"].text if "due" in words else "",
            is_hidden=row in self.grid.hidden_rows,
            **texts,
        )
        self.above = {role: each.text for role, each in words.items() if each.text}
        if line.is_hidden:
            self.remarks.append(Remark(line.place, "number", "hidden-row", title))
        return line._replace(doubts=tuple(self.doubts), remarks=tuple(self.remarks))

    def _day_texts(self) -> Iterator[str]:
        """Yield the texts of all columns of days."""
        for role in ("opens", "due", "done"):
            for column in self.mapping.of(role):
                yield from (self.grid.cell(row, column).text for row in range(len(self.grid.rows)))

    # --- words ---------------------------------------------------------------------------------

    def _words(self, row: int, role: Role) -> Words:
        """Return the words of a role, those of several columns one under the other."""
        several = [self._cell(row, column, role) for column in self.mapping.of(role)]
        texts = list(dict.fromkeys(each.text for each in several if each.text))
        first = next((each for each in several if each.text), several[0])
        if len(texts) > 1 and role not in ("title", "chapter"):
            columns = [
                c for c, each in zip(self.mapping.of(role), several, strict=True) if each.text
            ]
            texts = [
                f"{self.mapping.heads.get(column, '')}: {self._shown(row, column)}"
                if role in ("progress", "problem", "note")
                else self._shown(row, column)
                for column in columns
            ]
        return first._replace(text="\n".join(texts))

    def _shown(self, row: int, column: int) -> str:
        return self.grid.shown(row, column).text.strip()

    def _cell(self, row: int, column: int, role: Role) -> Words:
        """Return the words of a cell, with what is guessed or asked of it."""
        cell, place = self.grid.shown(row, column), self.grid.place(row, column)
        text = cell.text.strip()
        area = self.grid.range_at(row, column)
        if area and area.bottom > area.top and area.top < row and text and self._is_below(area.top):
            if role in _OF_ALL:
                self.remarks.append(Remark(place, role, "merged", text, text))
            else:
                answer = self._answer(Doubt(place, role, "merged", text, (text, "")))
                return Words(text if answer is None else answer, place)
        if cell.note:
            answer = self._answer(Doubt(place, role, cell.note, text))
            return Words(text if answer is None else answer, place)
        if fold(text).lower() in _DITTO and self.above.get(role):
            self.remarks.append(Remark(place, role, "ditto", text, self.above[role]))
            return Words(self.above[role], place)
        if role in _TASK_TEXTS and fold(text).lower() in _NONE:
            text = ""
        return Words(text, place, cell.day)

    def _is_below(self, row: int) -> bool:
        """Tell whether a row is below the heads, so that a range from it covers other tasks."""
        return row >= self.mapping.first_row

    def _answer(self, doubt: Doubt) -> str | None:
        """Return the answer to a doubt, else None after asking it."""
        self.asked[doubt.id] = doubt
        answer = self.answers.get(doubt.id)
        if answer is None:
            self.doubts.append(doubt)
        return answer

    # --- title ---------------------------------------------------------------------------------

    def _title(self, row: int, section: str) -> tuple[str, str]:
        """Return the title, of several columns from the widest to the closest, and its heading."""
        columns = self.mapping.of("title")
        title = "：".join(self._texts(row, columns))
        if not title:
            place = self.grid.place(row, min(columns, default=0))
            title = self._answer(Doubt(place, "title", "title-missing", "")) or ""
        headings = dict.fromkeys((section, *self._texts(row, self.mapping.of("chapter"))))
        return title, " / ".join(filter(None, headings))

    def _texts(self, row: int, columns: Iterable[int]) -> Iterable[str]:
        """Return the different texts of columns, each on one line."""
        texts = (" ".join(self._shown(row, column).split()) for column in columns)
        return dict.fromkeys(filter(None, texts))

    # --- bodies --------------------------------------------------------------------------------

    def _assign(self, words: Table[Role, Words], here: str) -> tuple[str | None, tuple[str, ...]]:
        """Return the lead and the participants, asking for those that nobody knows."""
        lead_words = words.get("lead", Words("", here))
        led = self._bodies(lead_words, "lead")
        helped = (
            self._bodies(words["participants"], "participants") if "participants" in words else None
        )
        firsts, more = (led.leads, led.others) if led.leads else (led.others, ())
        if helped and helped.leads and not firsts:
            firsts = helped.leads
        lead = self._lead(firsts, lead_words)
        others = [*firsts[1:], *more, *led.helpers]
        agencies = self._agencies(others, lead_words, "lead")
        if helped:
            these = (*helped.leads, *helped.others, *helped.helpers)
            agencies += self._agencies(these, words["participants"], "participants")
        return lead, tuple(dict.fromkeys(agency for agency in agencies if agency != lead))

    def _bodies(self, words: Words, role: Role) -> Bodies:
        named = bodies(words.text, self.register)
        for person in named.persons:
            self.remarks.append(Remark(words.place, role, "person", person))
        for end in named.open_ends:
            self._answer(Doubt(words.place, role, "list-open", end, ("",)))
        return named

    def _lead(self, firsts: tuple[Body, ...], words: Words) -> str | None:
        """Return the first body as the lead; where it is none or several, ask."""
        if not firsts:
            if any(doubt.place == words.place and doubt.role == "lead" for doubt in self.doubts):
                return None
            known = self.above.get("lead")
            doubt = Doubt(words.place, "lead", "lead-missing", "", (known,) if known else ())
            answer = self._answer(doubt)
            firsts = bodies(answer, self.register).others if answer else ()
            if not firsts:
                return None
        agencies = self._agencies(firsts[:1], words, "lead")
        if len(agencies) > 1:
            names = tuple(self.names[agency] for agency in agencies)
            answer = self._answer(Doubt(words.place, "lead", "lead-group", firsts[0].text, names))
            agencies = list(self.register.find(answer)) if answer else []
        elif len(firsts) > 1 and agencies:
            reading = self.names[agencies[0]]
            self.remarks.append(Remark(words.place, "lead", "lead-first", words.text, reading))
        return agencies[0] if agencies else None

    def _agencies(self, named: Iterable[Body], words: Words, role: Role) -> list[str]:
        """Return the agencies of bodies, asking for each that is in no register."""
        agencies: list[str] = []
        for body in named:
            ids = body.agencies
            if not ids:
                similar = tuple(self.names[agency] for agency in body.similar)
                answer = self._answer(
                    Doubt(words.place, role, "agency-unknown", body.text, similar)
                )
                ids = self._answered_agencies(answer) if answer else ()
            agencies += ids
        return agencies

    def _answered_agencies(self, answer: str) -> tuple[str, ...]:
        """Return the agencies of an answer: an id, or names of the register."""
        if answer in self.names:
            return (answer,)
        return tuple(a for body in bodies(answer, self.register).others for a in body.agencies)

    # --- days ----------------------------------------------------------------------------------

    def _when(self, words: Words | None) -> When:
        """Return the time that the due cell sets; what it leaves open is asked."""
        if words is None:
            return When()
        when = self._typed_when(words)
        if when.doubt is None:
            self._remark(words, when)
            return when
        answer = self._answer(
            Doubt(words.place, "due", when.doubt.key, words.text, when.doubt.readings)
        )
        again = typed_when(answer, year=self.year, epoch=self.grid.epoch) if answer else When()
        return When() if again.doubt else again

    def _typed_when(self, words: Words) -> When:
        if words.day:
            day = likely(words.day)
            return When(doubt=day) if isinstance(day, DayDoubt) else When(day)
        return self._ordered(
            words, "due", typed_when(words.text, year=self.year, epoch=self.grid.epoch)
        )

    def _ordered(self, words: Words, role: Role, when: When) -> When:
        """Return a time with the order of day and month that its column shows elsewhere."""
        if when.doubt is None or self.day_first is None:
            return when
        day = in_order(when.doubt, words.text, is_day_first=self.day_first)
        if day is None:
            return when
        self.remarks.append(Remark(words.place, role, "order", words.text, day.isoformat()))
        return When(day)

    def _remark(self, words: Words, when: When) -> None:
        """Say how a day was read that does not stand in the cell as such."""
        if words.day or not words.text:
            return
        reading = when.recurrence or (when.due_on.isoformat() if when.due_on else "")
        if when.recurrence:
            key = "recurrence"
        elif typed_when(words.text, epoch=self.grid.epoch).doubt and not self._is_ordered(words):
            key = "year"
        elif when.in_words:
            key = "in-words"
        else:
            return
        self.remarks.append(Remark(words.place, "due", key, words.text, reading))

    def _is_ordered(self, words: Words) -> bool:
        return any(r.key == "order" and r.place == words.place for r in self.remarks)

    def _day(self, words: Words | None, role: Role) -> date | None:
        """Return the day of a cell that holds one; an empty one is none, other words are asked."""
        if words is None:
            return None
        day = likely(words.day) if words.day else self._typed_day(words, role)
        if isinstance(day, date) or day.key in ("day-blank", "day-open"):
            return day if isinstance(day, date) else None
        answer = self._answer(Doubt(words.place, role, day.key, words.text, day.readings))
        again = self._typed_day(Words(answer, words.place), role) if answer else None
        return again if isinstance(again, date) else None

    def _typed_day(self, words: Words, role: Role) -> date | DayDoubt:
        """Return a day of a cell for one day, which may stand among other words."""
        when = typed_when(words.text, year=self.year, epoch=self.grid.epoch)
        when = self._ordered(words, role, when)
        if when.due_on and not when.recurrence:
            return when.due_on
        return when.doubt or DayDoubt("day-unread")
