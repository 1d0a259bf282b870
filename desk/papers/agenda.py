"""Agenda of a meeting as a paper: its sections in words and tables, and the list of all items."""

from __future__ import annotations

import datetime as dt
import functools
import io
from typing import TYPE_CHECKING, NamedTuple

import xlsxwriter

from catalog import wording
from catalog.plans.contents import WHOLE_PLAN
from catalog.workbook.excel_sheets import GRID, OPTIONS, EscapingSheet
from desk.papers.blocks import Line, Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from xlsxwriter.workbook import Workbook

    from catalog.reports import preparation
    from catalog.reports.preparation import Agenda

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 15  # lines of a table of the paper; the rest is in the list
MM_A_CHARACTER = 2.0


class Section(NamedTuple):
    """A part of an agenda: a table with lines, or the words in its place; `note` stands below."""

    name: str
    caption: str
    table: Table | None = None
    text: str = ""
    note: str = ""


class AgendaPaper:
    """The sections of one agenda in one language."""

    def __init__(self, agenda: Agenda, language: str) -> None:
        self._agenda = agenda
        self._language = language
        self._say: Callable[..., str] = functools.partial(wording.say, language)

    @property
    def opening(self) -> list[str]:
        """The first lines: the day, the measures it covers, and the meeting before it."""
        of, say = self._agenda, self._say
        place = of.place or say("prepared.no-place")
        when = "when-planned" if of.planned else "when"
        lines = [say(f"prepared.{when}", on=self._day(of.held_on), place=place)]
        if of.scope is not None:
            lines.append(self._scope(of.scope))
            earlier = of.since and say("prepared.since", on=self._day(of.since))
            lines.append(earlier or say("prepared.no-since"))
        if of.is_empty:
            lines.append(say("prepared.nothing" if of.running else "prepared.nothing-open"))
        return lines

    @property
    def sections(self) -> list[Section]:
        """The sections of the paper, cut to SHOWN lines each; none of an empty agenda."""
        if self._agenda.is_empty:
            return []
        tables = [(self._short(table), len(table.lines)) for table in self._tables()]
        by_lead = [(self._leads(), 0)] if len(self._agenda.items) > SHOWN else []
        return [self._section(table, total) for table, total in [*by_lead, *tables]]

    def content_of_list(self) -> bytes:
        """Return the Excel file of all items; the same material is the same bytes."""
        out = io.BytesIO()
        book = xlsxwriter.Workbook(out, OPTIONS | {"in_memory": True})
        created = dt.datetime.combine(self._agenda.on, dt.time())
        book.set_properties({"title": self._agenda.title, "created": created})
        for table in self._tables():
            self._sheet(book, table)
        book.close()
        return out.getvalue()

    def _scope(self, scope: Sequence[str]) -> str:
        if WHOLE_PLAN in scope:
            return self._say("prepared.scope-plan", running=self._agenda.running)
        measures = self._say("prepared.comma").join(scope)
        return self._say("prepared.scope", measures=measures, running=self._agenda.running)

    def _section(self, table: Table, total: int) -> Section:
        if not table.lines:
            text = self._say(f"prepared.no-{table.name}")
            return Section(table.name, table.caption, text=text)
        count = max(total, self._agenda.total) if table.name in ("items", "pressing") else total
        more = count > len(table.lines)
        note = self._say("prepared.more", shown=len(table.lines), total=count) if more else ""
        return Section(table.name, table.caption, table, note=note)

    def _short(self, table: Table) -> Table:
        return table._replace(lines=table.lines[:SHOWN])

    def _tables(self) -> list[Table]:
        of = self._agenda
        pressing = of.scope is not None and WHOLE_PLAN in of.scope
        items = self._duties("pressing" if pressing else "items", of.items)
        return [items, self._duties("decisions", of.decisions), self._requests(), self._questions()]

    def _duties(self, name: str, lines: Sequence[preparation.Line]) -> Table:
        rows = [
            Line(line.key, (n, line.title, line.performer, self.standing(line)))
            for n, line in enumerate(lines, 1)
        ]
        return self._table(name, ("number", "item", "who", "stands"), rows, (12, 68, 36, 40))

    def _leads(self) -> Table:
        rows = [
            Line("", (each.lead, each.items, each.overdue, each.behind))
            for each in self._agenda.leads
        ]
        return self._table("leads", ("lead", "items", "overdue", "behind"), rows, (81, 25, 25, 25))

    def _requests(self) -> Table:
        rows = [
            Line(
                each.key,
                (n, each.title, each.performer, self._day(each.asked_to), self._decision(each)),
            )
            for n, each in enumerate(self._agenda.requests, 1)
        ]
        columns = ("number", "item", "who", "asked-to", "decision-on")
        return self._table("requests", columns, rows, (12, 50, 30, 32, 32))

    def _questions(self) -> Table:
        waits = self._say("prepared.waits")
        rows = [
            Line(q.key, (n, q.text, q.agency, self._day(q.raised_on), q.answer or waits))
            for n, q in enumerate(self._agenda.questions, 1)
        ]
        columns = ("number", "question", "raised-by", "raised", "answer")
        return self._table("questions", columns, rows, (12, 50, 28, 30, 36))

    def _table(
        self, name: str, columns: Sequence[str], rows: list[Line], widths: tuple[int, ...]
    ) -> Table:
        head = tuple(self._say(f"prepared.col-{column}") for column in columns)
        caption = self._say(f"prepared.{name}")
        return Table(name, caption, head, rows, widths, duty_column=1)

    def standing(self, line: preparation.Line) -> str:
        """Return the standing of a duty with the day that goes with it."""
        if line.closed_on is not None:
            return self._say("prepared.closed", on=self._day(line.closed_on))
        key = f"status.{line.status}" if line.status else f"light.{line.light}"
        return f"{self._say(key)} {self._day(line.due_on)}"

    def _decision(self, request: preparation.Requested) -> str:
        if request.granted_to is not None:
            return self._say("prepared.granted", on=self._day(request.granted_to))
        return self._say(f"prepared.{request.outcome or 'waits'}")

    def _day(self, day: dt.date) -> str:
        return wording.spell(self._language, day)

    def _sheet(self, book: Workbook, table: Table) -> None:
        sheet = book.add_worksheet(self._say(f"prepared.sheet-{table.name}"), EscapingSheet)
        head = book.add_format({**GRID, "bold": True, "bg_color": "#E8ECF1"})
        text = book.add_format({**GRID, "text_wrap": True})
        for at, (name, width) in enumerate(zip(table.head, table.widths, strict=True)):
            sheet.set_column(at, at, width / MM_A_CHARACTER)
            sheet.write_string(0, at, name, head)
        for row, line in enumerate(table.lines, 1):
            for at, cell in enumerate(line.cells):
                write = sheet.write_number if isinstance(cell, int) else sheet.write_string
                write(row, at, cell, text)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
