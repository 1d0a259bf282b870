"""A tracker as progress: the words of each line are reported on its duty."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tasks.trackers.uses.case import OF_FILE
from tasks.trackers.uses.outcomes import outcome
from tasks.trackers.uses.past_rows import duty_of
from tasks.trackers.uses.row import Ask, Row, Said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from catalog.trackers.columns import Role
    from catalog.trackers.line import Line
    from ledger.duties.duties import Duty
    from tasks.trackers.uses.case import Case

ROLES: tuple[Role, ...] = ("title", "status", "percent", "progress", "problem", "next_step")
WORDS = ("progress", "problem", "next_step")


class Report(NamedTuple):
    """Words to be reported on the duty `key`, empty ones left out.

    `agency` is whose they are where the office passes them on.
    """

    key: str
    agency: str
    progress: str = ""
    problem: str = ""
    next_step: str = ""


def progress_row(line: Line, before: Line, case: Case) -> Row:
    """Return the report of a line, or what is asked before; `before` is without answers."""
    duty, asks, fields = duty_of(line, case)
    if case.is_left_out(line):
        return Row(line, duty, omission="by-hand")
    if duty is not None and duty.key not in case.live:
        return Row(line, duty, fields=fields, omission="not-open")
    words = _new_words(line, case, duty)
    if not any(words.values()):
        return Row(line, duty, fields=fields, omission="nothing-new")
    asks += case.doubts(line, *ROLES)
    fields += tuple(case.answers_about(line, before, *ROLES))
    if duty is None or asks:
        return Row(line, duty, tuple(asks), fields)
    agency = (case.of_file("reporter") or duty.performer) if case.relays else ""
    notes = case.due_note(line, duty)
    if outcome(line) == "done":
        notes += (Said("tracker-note.to-be-filed", {}),)
    return Row(line, duty, (), fields, Report(duty.key, agency, **words), notes=notes)


def of_file(case: Case) -> Iterator[Ask]:
    """Yield the question whose words they are, where the office passes them on."""
    if case.relays:
        id_ = f"{OF_FILE}#reporter"
        value = case.answers.get(id_, "")
        yield Ask(id_, "agency", "tracker-ask.file-reporter", value=value)


def _new_words(line: Line, case: Case, duty: Duty | None) -> dict[str, str]:
    """Return the words of a line that are not the last ones on its duty already."""
    state = " ".join(filter(None, (line.status, line.percent)))
    words = {name: getattr(line, name) for name in WORDS}
    words["progress"] = words["progress"] or state
    latest = case.latest.get(duty.key) if duty else None
    return {n: "" if latest and getattr(latest, n) == text else text for n, text in words.items()}
