"""Material for a duty: the day it is prepared, and its contents as counted on that day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from catalog.dates.recurrence import RECURRENCES
from catalog.duties import quota
from catalog.ladder.timeline import timeline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from catalog.dates.workdays import Workdays
    from catalog.ladder.rungs import Ladder

Kind = Literal["meeting", "event", "report"]

BEFORE_REMINDING = 10  # working days: time to read the material before the first reminder
ITEMS = 500  # duties of an agenda, and as many problems and requests
INVITED_FOR = 14  # days before the due date: the day a meeting is proposed for
KINDS: Mapping[str, Kind] = {"meeting": "meeting", "event": "event", "report": "report"}


def prepares_on(
    kind: str,
    ladder: Ladder,
    workdays: Workdays,
    opens_on: date,
    due_on: date,
    *,
    planned_on: date | None = None,
) -> date | None:
    """Return the day the material for a duty of this kind is prepared, None for other kinds.

    Events are planned from the day they open. A meeting or a report is prepared ten working days
    before the first reminder of its due date, but never before it opens. A meeting that is planned
    for a day is prepared ten working days before it.
    """
    if kind not in KINDS:
        return None
    if kind == "meeting" and planned_on is not None:
        return max(workdays.add(planned_on, -BEFORE_REMINDING), opens_on)
    if kind == "event":
        return opens_on
    line = timeline(ladder, workdays, opens_on, due_on, has_quota=False)
    reminded = (step.day for step in line.steps if step.rung.when == "due")
    return max(workdays.add(next(reminded, due_on), -BEFORE_REMINDING), opens_on)


def meeting_day(workdays: Workdays, due_on: date, *, prepared_on: date) -> date:
    """Return the working day a meeting is proposed for: two weeks before it is due.

    A meeting prepared later than that is proposed for the next working day.
    """
    day = workdays.roll_back(due_on - timedelta(INVITED_FOR))
    return day if day > prepared_on else workdays.add(prepared_on, 1)


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Line(_Frozen):
    """A duty in a list of the material: its light that day, and the day it was closed."""

    key: str
    title: str
    performer: str
    due_on: date
    light: str
    closed_on: date | None = None
    lead: str = ""
    status: str = ""


class Question(_Frozen):
    """A problem that was raised, by the agency of that name; `answer` is empty without one.

    `key` is empty for a problem of the plan as a whole.
    """

    key: str
    number: int
    text: str
    raised_by: str
    raised_on: date
    answer: str = ""
    agency: str = ""


class Requested(_Frozen):
    """A request for a later due date, and the decision on it where there is one."""

    key: str
    title: str
    performer: str
    asked_on: date
    asked_to: date
    reason: str
    outcome: str | None = None
    granted_to: date | None = None


class LeadCount(_Frozen):
    """How many items of an agenda a lead answers for, and how many of them are pressing."""

    lead: str
    items: int
    overdue: int
    behind: int


class Checkpoint(_Frozen):
    """The items of a quota that an even pace has done by the end of `on`."""

    on: date
    expected: int


class Figure(_Frozen):
    """A target with its last reading; figures as decimal text."""

    measure: str
    indicator: str
    goal: str
    unit: str
    by: date
    year: int | None
    value: str | None
    verdict: str


class Tally(_Frozen):
    """The duties of a plan: all, opened, closed, and late (done late or not yet)."""

    duties: int
    opened: int
    closed: int
    late: int


class _Material(_Frozen):
    """The part of all material: the duty, its agencies, and the day of the counts."""

    duty: str
    title: str
    says: str
    measure: str
    lead: str
    performer: str
    participants: tuple[str, ...]
    due_on: date
    on: date
    delivered: int
    wanted: str


class Agenda(_Material):
    """For a meeting: duties to speak of, the most urgent first, problems, requests and decisions.

    It is `planned` for the day `held_on`, or proposed for it by rule.
    `scope` are the measures it covers, "plan" for all, None for its own. Of the duties of a whole
    plan the overdue ones and those behind pace are `items`; of measures all open ones. `items` are
    at most ITEMS of `total`, counted by lead in `leads`; `running` counts the open duties of the
    scope. `questions` and `requests` are those undecided, and those since the last meeting, held on
    `since`. `decisions` are the duties that meetings decided, as they stand. Material prepared by
    earlier versions has only `items` and `questions`.
    """

    kind: Literal["meeting"] = "meeting"
    held_on: date
    items: tuple[Line, ...]
    questions: tuple[Question, ...]
    planned: bool = False
    place: str = ""
    scope: tuple[str, ...] | None = None
    since: date | None = None
    running: int = 0
    total: int = 0
    leads: tuple[LeadCount, ...] = ()
    requests: tuple[Requested, ...] = ()
    decisions: tuple[Line, ...] = ()

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to speak of."""
        return not (self.items or self.questions or self.requests or self.decisions)


class Pace(_Material):
    """For events: the even pace by the end of each month."""

    kind: Literal["event"] = "event"
    opens_on: date
    checkpoints: tuple[Checkpoint, ...]


class Draft(_Material):
    """For a report: the measure's figures and duties, and the tally of the whole plan."""

    kind: Literal["report"] = "report"
    figures: tuple[Figure, ...]
    done: tuple[Line, ...]
    open: tuple[Line, ...]
    plan: Tally


Material = Agenda | Pace | Draft


def checkpoints(minimum: int, first: date, last: date) -> tuple[Checkpoint, ...]:
    """Return the even pace at each month's end, and the whole quota on the last day."""
    months = RECURRENCES["monthly"].periods(first, last)
    ends = [month.covers_until for month in months if month.covers_until < last]
    return tuple(
        Checkpoint(on=day, expected=quota.expected(minimum, first, last, today=day))
        for day in [*ends, last]
    )
