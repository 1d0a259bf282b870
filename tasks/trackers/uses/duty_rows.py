"""A tracker as duties beside the plan: each line that is not done yet is assigned."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from catalog.dates.edges import later
from tasks.plans.assigning import Order
from tasks.trackers.uses.case import OF_FILE
from tasks.trackers.uses.outcomes import OUTCOMES, outcome
from tasks.trackers.uses.row import Ask, Row, Said

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from catalog.trackers.columns import Role
    from catalog.trackers.line import Line
    from tasks.trackers.uses.case import Case

ROLES: tuple[Role, ...] = ("title", "source", "lead", "participants", "due")


def duty_row(line: Line, before: Line, case: Case) -> Row:
    """Return the order of a line, or what is asked before; `before` is without answers."""
    if case.is_left_out(line):
        return Row(line, omission="by-hand")
    ask_outcome = case.ask(line, "outcome", "outcome", outcome(line) or "", OUTCOMES)
    if (case.answer(line, "outcome") or outcome(line)) == "done":
        return Row(line, fields=(ask_outcome,), omission="done-already")
    same = case.duties.match(line).duty
    if same and same.due_on == line.due_on and line.lead in {same.performer, None}:
        return Row(line, same, omission="there-already")
    doubts, answered = [*case.doubts(line, *ROLES)], [*case.answers_about(line, before, *ROLES)]
    lead = case.agency(case.answer(line, "lead") or "") or line.lead
    read_on = _next_turn(line, case)
    due_on = case.day(line, "due", read_on)
    has_passed = read_on != line.due_on and due_on == read_on
    notes = (Said("tracker-note.next-turn", {"first": line.due_on}),) if has_passed else ()
    asks = [*doubts]
    if not lead and not any(ask.kind == "agency" for ask in doubts):
        asks.append(case.ask(line, "lead", "agency"))
    if due_on is None and not any(ask.kind == "day" for ask in doubts):
        asks.append(case.ask(line, "due", "day")._replace(value=""))
    fields = (
        *answered,
        *([case.ask(line, "lead", "agency", case.names.get(lead))] if lead else []),
        *([case.ask(line, "due", "day", due_on)] if due_on else []),
    )
    if asks or not lead or not due_on:
        return Row(line, None, tuple(asks), fields, notes=notes)
    order = _order(line, case, lead)._replace(due_on=due_on)
    return Row(line, None, (), fields, order, notes=notes)


def of_file(case: Case) -> Iterator[Ask]:
    """Yield the questions about the document that the duties of the whole file rest on."""
    for name, kind in (("source", "text"), ("number", "text"), ("dated", "day")):
        id_ = f"{OF_FILE}#{name}"
        value = case.answers.get(id_, "")
        yield Ask(id_, "day" if kind == "day" else "text", f"tracker-ask.file-{name}", value=value)


def _next_turn(line: Line, case: Case) -> dt.date | None:
    """Return the due date of a line, of a recurrence that of its next turn from today on."""
    if line.due_on is None or line.recurrence is None:
        return line.due_on
    months = {"monthly": 1, "quarterly": 3, "half-yearly": 6}.get(line.recurrence, 12)
    turns = (later(line.due_on, months=months * n) for n in count())
    return next(day for day in turns if day >= case.on)


def _order(line: Line, case: Case, lead: str) -> Order:
    own = bool(line.source)  # a source of its own has its number and day in its words
    return Order(
        title=line.title,
        to=lead,
        due_on=case.on,
        source=line.source or case.of_file("source"),
        participants=tuple(p for p in line.participants if p != lead),
        document="" if own else case.of_file("number"),
        dated_on=None if own else case.day_of_file("dated"),
        recurrence=line.recurrence or "once",
    )
