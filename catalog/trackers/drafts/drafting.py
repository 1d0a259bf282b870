"""Draft of a plan from a tracker's text: a measure for each task, its doubts as questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.errors import InvalidError
from catalog.plans import office_dates
from catalog.reading.document.head import Head
from catalog.reading.draft import HEAD, Draft, DraftMeasure, Note, Proposal
from catalog.reading.grammar.folding import fold
from catalog.reading.grammar.matching import marks
from catalog.reading.proposing import naming
from catalog.reading.proposing.drafting import head_fields, head_questions
from catalog.reading.proposing.passage import Term
from catalog.reading.script import language_of
from catalog.reading.span import Ask, Span
from catalog.trackers.drafts.plan_text import paper_of, read_plan_text
from catalog.trackers.grid import Cell, Grid
from catalog.trackers.line_reading import LineReading
from catalog.trackers.mapping import Mapping
from catalog.wording import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.reading.who.register import Register
    from catalog.trackers.doubt import Doubt
    from catalog.trackers.drafts.plan_text import RowText, SheetText
    from catalog.trackers.line import Line

_SAYS = 24  # characters of a quotation
_TITLE = 80
_MOST = 2000  # tasks
_LEFT_OUT = {"other-table": "row-left-out", "hidden-sheet": "sheet-left-out",
             "no-table": "sheet-left-out"}  # fmt: skip
_KEYS = {
    "lead-missing": "lead-missing",
    "lead-group": "lead-group",
    "list-open": "list-open",
    "day-blank": "date-missing",
    "day-open": "date-missing",
    "day-vague": "date-vague",
}


class Task(NamedTuple):
    """A task with the row of text it was read from."""

    row: RowText
    line: Line


def draft(text: str, register: Register, *, name: str, code: str, on: date) -> Draft:
    """Return the draft of a plan from a tracker's text (`plan_text`).

    `on` stands for the day of issue where no title gives the year. InvalidError where the tracker
    has no task, or too many.
    """
    sheets = read_plan_text(text)
    tasks = [task for sheet in sheets for task in _tasks(sheet, register)]
    if not tasks:
        raise InvalidError("document-without-items", place=name)
    if len(tasks) > _MOST:
        raise InvalidError("document-too-dense", place=name, count=len(tasks), most=_MOST)
    years = {sheet.year for sheet in sheets if sheet.year}
    term, head = _head(text, years.pop() if len(years) == 1 else None, tasks, on)
    asks = [*head_questions(head, register, term), *_left_out(text, sheets)]
    measures: list[DraftMeasure] = []
    for number, task in zip(_numbers(tasks), tasks, strict=True):
        measure, questions = _measure(number, task, register, term, language_of(text))
        measures.append(measure)
        asks += questions
    numbered = (replace(ask, id=f"q{n}") for n, ask in enumerate(asks, 1))
    fields = head_fields(head, register, term, code)
    paper = paper_of(text, name=name)
    notes = tuple(
        Note(task.row.place, f"tracker-remark.{remark.key}", remark.text, remark.reading)
        for task in tasks
        for remark in task.line.remarks
    )
    return Draft(paper, register, fields, tuple(measures), tuple(numbered), notes)


def _tasks(sheet: SheetText, register: Register) -> Iterator[Task]:
    """Yield the tasks of a sheet, read from its text as from its cells."""
    rows = [row for row in sheet.rows if row.cells]
    texts = (
        [
            row.cells[role].words if (a := row.cells[role].answer) is None else a
            for role in sheet.roles
        ]
        for row in rows
    )
    grid = Grid(sheet.name, tuple(tuple(map(Cell, each)) for each in texts))
    mapping = Mapping(sheet.name, -1, dict(enumerate(sheet.roles)))
    reading = LineReading(grid, mapping, register, sheet.year, {})
    yield from (Task(row, reading.line(n, "")) for n, row in enumerate(rows))


def _head(text: str, year: int | None, tasks: list[Task], on: date) -> tuple[Term, Head]:
    """Return the term and head: of the title's year, else up to the last due date."""
    title = text.partition("\n")[0].partition("⟧")[2].strip()
    days = [task.line.due_on for task in tasks if task.line.due_on and not task.line.recurrence]
    first = date(year, 1, 1) if year else min([on, *(date(day.year, 1, 1) for day in days)])
    last = max([date(year or first.year, 12, 31), *(date(day.year, 12, 31) for day in days)])
    head = Head(title[:300], None, None, None, (first, last) if year else None)
    return Term(first, min([first, *days]), last), head


def _numbers(tasks: list[Task]) -> Iterator[str]:
    """Yield the tracker's own numbers where a plan can have them, else numbers in order."""
    own = [task.line.number.lstrip("0") for task in tasks]
    fit = all(each.isascii() and each.isdecimal() for each in own) and len({*own}) == len(own)
    yield from own if fit else (str(n) for n in range(1, len(tasks) + 1))


def _left_out(text: str, sheets: list[SheetText]) -> Iterator[Ask]:
    """Ask about sheets and rows that were left out, and about notes that speak of dates."""
    for sheet in sheets:
        for row in sheet.rows:
            if key := _LEFT_OUT.get(row.kind):
                yield Ask(key, HEAD, row.span, ({},))
            elif row.kind == "note":
                words = text[row.span.start : row.span.end]
                for mark in marks(words):
                    if mark.sort in ("time", "recurs"):
                        span = Span(row.span.start + mark.start, row.span.start + mark.end)
                        yield Ask("date-outside", HEAD, span, ({},))


def _measure(
    number: str, task: Task, register: Register, term: Term, language: str
) -> tuple[DraftMeasure, list[Ask]]:
    row, line = task
    proposal = _proposal(number, task, term, language)
    measure = DraftMeasure(
        number=number,
        chapter=line.chapter or row.place.partition("!")[0],
        section=line.chapter or row.place.partition("!")[0],
        title=line.title[:300],
        span=row.span,
        lead=line.lead,
        participants=line.participants,
        proposals=(proposal,),
    )
    ids = {agency.name: agency.id for agency in register.agencies}
    asks = [_ask(doubt, task, number, proposal.id, ids) for doubt in line.doubts]
    if "due" not in row.cells:
        asks.append(Ask("date-missing", proposal.id, proposal.says))
    if row.kind == "hidden-row":
        drop = {"drop": True, "reason": say(language, "tracker-remark.hidden-row")}
        asks.append(Ask("row-hidden", proposal.id, proposal.says, ({}, drop)))
    return measure, [ask for ask in asks if ask]


def _proposal(number: str, task: Task, term: Term, language: str) -> Proposal:
    """Return the obligation of a task: on its day, in its turn, or reported on each half-year."""
    row, line = task
    doubts = {doubt.key for doubt in line.doubts if doubt.role == "due"}
    fields: dict[str, Any] = {"title": line.title[:_TITLE].strip(), "basis": "plan"}
    folded = fold(line.title)
    if line.recurrence:
        kind = naming.kind(folded, once=False)
        fields |= {"kind": kind, "recurrence": line.recurrence, "anchor": line.due_on}
    elif "day-standing" in doubts:
        fields |= {"kind": "standing", "basis": "office", "recurrence": "half-yearly"}
    else:
        opens_on = line.opens_on if line.opens_on and line.opens_on > term.issued_on else None
        fields |= {"kind": "milestone", "due_on": line.due_on, "opens_on": opens_on}
    if fields["basis"] == "office":
        fields["reason"] = office_dates.reason(language, "standing")
    present = {key: value for key, value in fields.items() if value is not None}
    return Proposal(f"{number}.task", "obligation", _says(row), (), present)


def _says(row: RowText) -> Span:
    """Return the words that an obligation rests on: those of the due cell, else its title."""
    cells = (row.cells.get(role) for role in ("due", "title"))
    cell = next((each for each in cells if each and each.words.strip()), None)
    span = cell.span if cell else row.span
    return Span(span.start, min(span.end, span.start + _SAYS))


def _ask(doubt: Doubt, task: Task, number: str, proposal: str, ids: dict[str, str]) -> Ask | None:
    """Return the question of a doubt; one about what a plan does not take is none."""
    if doubt.key == "day-standing":
        return None
    cell = task.row.cells.get(doubt.role) or task.row.cells.get("title")
    span = _within(cell.span, cell.words, doubt.text) if cell else task.row.span
    if doubt.role == "due":
        key = _KEYS.get(doubt.key, "date-doubtful")
        return Ask(key, proposal, span, tuple(map(_time_fields, doubt.readings)))
    if doubt.role not in ("lead", "participants"):
        return None if doubt.role != "title" else Ask("title-missing", number, span)
    agencies = [ids[name] for name in doubt.readings if name in ids]
    if doubt.key == "list-open":
        return Ask("list-open", number, span, ({},))
    is_lead = doubt.role == "lead" and task.line.lead is None
    key = "lead-unknown" if is_lead else "agency-unknown"
    fields = ({"lead": agency} if is_lead else {"add": (agency,)} for agency in agencies)
    return Ask(_KEYS.get(doubt.key, key), number, span, tuple(fields))


def _within(span: Span, words: str, part: str) -> Span:
    """Return the place of the words in doubt, the whole cell where they stand otherwise."""
    at = words.find(part) if part else -1
    if at < 0:
        return span
    return Span(span.start + at, span.start + at + len(part))


def _time_fields(reading: str) -> dict[str, Any]:
    if reading[:1].isdecimal():
        return {"due_on": date.fromisoformat(reading)}
    return {"recurrence": reading}
