"""The days ahead of running duties: openings, preparations, rungs and due dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.dates.days import A_DAY
from catalog.duties.standing import stopped
from catalog.ladder.due import is_answered
from catalog.ladder.timeline import timeline
from ledger.duties import duties
from tasks.in_force import in_force

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from ledger.duties.duties import Duty
    from ledger.session import Connection
    from tasks.in_force import InForce


MOST = 5_000  # duties


class Ahead(NamedTuple):
    """One day ahead of a duty: `event` is "opens", "prepares", "due" or the name of a rung."""

    day: dt.date
    event: str
    duty: Duty


def ahead(conn: Connection, plan: str, *, on: dt.date, until: dt.date) -> list[Ahead]:
    """Return what comes after day `on` and up to `until` for the duties of `plan`, by day.

    A rung is listed on the day it falls if nobody acts. Of a suspended duty, of one under review
    and of an ended one nothing is listed; of more than MOST duties, those with the next days.
    """
    edition = in_force(conn, plan)
    events = [
        event
        for duty in duties.due(conn, plan=plan, on=until, limit=MOST)
        for event in of_duty(edition, duty, on=on, until=until)
    ]
    return sorted(events, key=_place)


def of_duty(edition: InForce, duty: Duty, *, on: dt.date, until: dt.date) -> list[Ahead]:
    """Return what comes after day `on` and up to `until` for `duty`, by day."""
    return sorted((a for a in _days(edition, duty, on, until) if on < a.day <= until), key=_place)


def _place(event: Ahead) -> tuple[dt.date, str]:
    return event.day, event.duty.key


def _days(edition: InForce, duty: Duty, on: dt.date, until: dt.date) -> Iterator[Ahead]:
    if stopped(duties.facts(duty), on):
        return
    yield Ahead(duty.due_on, "due", duty)
    if duty.opened_on is None:
        yield Ahead(duty.opens_on, "opens", duty)
    if duty.prepare_on:
        yield Ahead(duty.prepare_on, "prepares", duty)
    line = timeline(
        edition.ladders[duty.ladder],
        edition.workdays,
        duty.opens_on,
        duty.due_on,
        has_quota=duty.quota_min is not None,
    )
    facts = duties.facts(duty)
    steps = line.between(max(on, duty.opens_on - A_DAY), until)
    for step in [*steps, *line.silent(duty.asked_on)]:
        if step.rung.when != "open" and not is_answered(step, facts):
            yield Ahead(step.day, step.key, duty)
