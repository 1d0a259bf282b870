"""Lifeline of a duty on one time line: due dates, items, filings and its end."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ledger.duties import duties, life

if TYPE_CHECKING:
    import datetime as dt

    from ledger.duties.duties import Duty
    from ledger.session import Connection


class Span(NamedTuple):
    """A stretch of the plan up to a due date; its ends are 0..1 of the line."""

    since: float
    until: float
    due_on: dt.date


class Mark(NamedTuple):
    """An event on a day: the name of its deed, and the days after the due date."""

    place: float
    on: dt.date
    deed: str
    late: int


class Lifeline(NamedTuple):
    """One duty in time: the first span is the plan's, the others are extensions."""

    spans: tuple[Span, ...]
    marks: tuple[Mark, ...]


def lifeline(conn: Connection, duty: Duty) -> Lifeline:
    """Return the lifeline of `duty`, from its opening to its last due date or event.

    The lateness of a filing is counted from the present due date, and by the day of doing once the
    office has accepted it.
    """
    due = [former.due_on for former in life.due_dates(conn, duty.key)] + [duty.due_on]
    events = sorted(_events(conn, duty))
    first, last = duty.opens_on, max([*due, *(on for on, _ in events)])
    long = max((last - first).days, 1)

    def place(on: dt.date) -> float:
        return max((on - first).days, 0) / long

    since = [first, *due[:-1]]
    spans = (Span(place(a), place(b), b) for a, b in zip(since, due, strict=True))
    marks = (Mark(place(on), on, deed, _late(duty, on, deed)) for on, deed in events)
    return Lifeline(tuple(spans), tuple(marks))


def _events(conn: Connection, duty: Duty) -> list[tuple[dt.date, str]]:
    events = [(item.held_on, "delivered") for item in duties.items(conn, duty.key)]
    for filing in life.submissions(conn, duty.key):
        if filing.done_on and filing.done_on < filing.filed_on:
            events.append((filing.done_on, "done"))
        events.append((filing.filed_on, "filed"))
        if filing.returned_on:
            events.append((filing.returned_on, "returned"))
    if duty.closed_on:
        events.append((duty.closed_on, "closed" if duty.closed_as == "done" else "closed-not-done"))
    return events


def _late(duty: Duty, on: dt.date, deed: str) -> int:
    day = min(on, duty.done_on or on)
    return max((day - duty.due_on).days, 0) if deed == "filed" else 0
