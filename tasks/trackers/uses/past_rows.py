"""A tracker as the settled past: each line settles a duty due before the ledger started."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tasks.past.settling import Settlement
from tasks.trackers.uses.outcomes import OUTCOMES, outcome
from tasks.trackers.uses.row import Ask, Row

if TYPE_CHECKING:
    import datetime as dt

    from catalog.trackers.columns import Role
    from catalog.trackers.line import Line
    from ledger.duties.duties import Duty
    from tasks.trackers.uses.case import Case
    from tasks.trackers.uses.outcomes import Outcome

ROLES: tuple[Role, ...] = ("title", "status", "percent", "done", "document")


def past_row(line: Line, before: Line, case: Case) -> Row:
    """Return the settlement of a line, or what is asked before; `before` is without answers."""
    duty, asks, fields = duty_of(line, case)
    if case.is_left_out(line):
        return Row(line, duty, omission="by-hand")
    if duty is not None and duty.key not in case.past:
        return Row(line, duty, fields=fields, omission="not-past", notes=case.due_note(line, duty))
    asks += case.doubts(line, "title")
    fields += tuple(case.answers_about(line, before, *ROLES))
    as_ = _outcome(line, case)
    ask_outcome = case.ask(line, "outcome", "outcome", as_ or "", OUTCOMES)
    if as_ is None:
        return Row(line, duty, (*asks, ask_outcome), (*fields,))
    more, deed = _PARTS[as_](line, case, duty)
    open_, answers = _part([*asks, *more])
    notes = case.due_note(line, duty) if duty else ()
    ready = deed if duty and not open_ else None
    return Row(line, duty, open_, (*fields, ask_outcome, *answers), ready, notes=notes)


def duty_of(line: Line, case: Case) -> tuple[Duty | None, list[Ask], tuple[Ask, ...]]:
    """Return the duty of a line; the question where it is not certain; the field to correct it."""
    choice = case.duties.one(case.answer(line, "duty") or "")
    match = case.duties.match(line)
    duty = choice or match.duty
    offered = tuple(each.key for each in match.offered)
    ask = case.ask(line, "duty", "duty", duty.key if duty else "", offered)
    return (duty, [], (ask,)) if duty else (None, [ask], ())


def _outcome(line: Line, case: Case) -> Outcome | None:
    answer = case.answer(line, "outcome")
    return next((each for each in OUTCOMES if each == answer), outcome(line))


def _done(line: Line, case: Case, duty: Duty | None) -> tuple[list[Ask], Settlement]:
    """Return the questions about what is done, and its settlement."""
    day: dt.date | None = case.day(line, "done", line.done_on)
    is_typed = case.answer(line, "done") is not None
    doubts = [] if is_typed else [*case.doubts(line, "done")]
    own = [] if doubts else [case.ask(line, "done", "day", day)]
    if day is None and own and is_typed:  # what was typed is no day: it is asked again
        own = [own[0]._replace(value="")]
    document = case.answer(line, "document") or line.document or f"{case.file} {line.place}"
    asks = [*doubts, *own, case.ask(line, "document", "text", document)]
    key = duty.key if duty else ""
    return asks, Settlement(key, "done", done_on=day, document=" ".join(document.split()))


def _not_done(line: Line, case: Case, duty: Duty | None) -> tuple[list[Ask], Settlement]:
    read = line.problem or line.note or line.progress
    reason = case.answer(line, "reason") or read
    asks = [case.ask(line, "reason", "text", reason)]
    return asks, Settlement(duty.key if duty else "", "not-done", reason=reason)


def _taken_up(_: Line, __: Case, duty: Duty | None) -> tuple[list[Ask], Settlement]:
    return [], Settlement(duty.key if duty else "", "taken-up")


_PARTS = {"done": _done, "not-done": _not_done, "taken-up": _taken_up}


def _part(asks: list[Ask]) -> tuple[tuple[Ask, ...], tuple[Ask, ...]]:
    """Return the questions without an answer, and those with one."""
    return tuple(a for a in asks if not a.value), tuple(a for a in asks if a.value)
