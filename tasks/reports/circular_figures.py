"""The figures of a circular, counted from the ledger as known on a day."""

from __future__ import annotations

import functools
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from catalog.duties.outcome import Outcome, outcome
from catalog.duties.quota import expected, looks
from catalog.duties.standing import standing
from catalog.reports.circular import (
    AgencyFigures,
    CircularFigures,
    DutyLine,
    Figures,
    ProblemLine,
    QuotaLine,
    TargetLine,
)
from ledger.duties import conditions, duties, life
from ledger.people import agencies, users
from ledger.proof import chain
from ledger.reports import granted_and_released, holders
from tasks.in_force import in_force
from tasks.reports.targets import target_reports

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from catalog.dates.spans import Span
    from catalog.duties.standing import Status
    from ledger.duties.duties import Duty
    from ledger.reports.holders import Parts
    from ledger.session import Connection
    from tasks.reports.targets import TargetReport


def count(conn: Connection, plan: str, span: Span, *, on: dt.date) -> CircularFigures:
    """Return the circular of `plan` for `span` as counted in `conn` at the end of day `on`.

    `conn` is the ledger as known then (`tasks.past.known_on`). A duty counts for the agency that
    performed it on its due date, or on the day it was closed if that came first.
    """
    held = in_force(conn, plan).plan
    counting = _Counting(conn, plan, span, on)
    end = chain.head(conn)
    return CircularFigures(
        plan=plan,
        title=held.title,
        office=counting.names[held.office],
        span=span.label,
        since=span.since,
        until=span.until,
        on=on,
        entries=end.entries,
        head=end.head,
        figures=counting.figures(),
        agencies=tuple(counting.agencies()),
        overdue=tuple(counting.overdue()),
        behind=tuple(counting.behind()),
        targets=tuple(_target(target) for target in target_reports(conn, plan)),
        problems=tuple(counting.problems()),
        coming=tuple(counting.coming()),
    )


class _Judged(NamedTuple):
    """A duty with the parts that count, its outcome and its status."""

    duty: Duty
    parts: Parts
    outcome: Outcome
    status: Status


class _Counting:
    """The count of one plan for one span on one day."""

    def __init__(self, conn: Connection, plan: str, span: Span, on: dt.date) -> None:
        self.conn = conn
        self.plan = plan
        self.span = span
        self.on = on
        self.names = {a.id: a.name for a in agencies.agencies_on(conn, on).values()}
        found = duties.listed(conn, plan=plan)
        parts = holders.counted_parts(conn, found)
        self.judged = [self._judged(duty, parts[duty.key]) for duty in found]

    def _judged(self, duty: Duty, parts: Parts) -> _Judged:
        facts = duties.facts(duty)
        return _Judged(duty, parts, outcome(facts, self.on), standing(facts, self.on).status)

    @functools.cached_property
    def due(self) -> list[_Judged]:
        """The duties due in the span."""
        return [j for j in self.judged if self._within(j.duty.due_on)]

    def figures(self) -> Figures:
        found = Counter(judged.outcome for judged in self.due)
        stands = Counter(judged.status for judged in self.judged)
        granted = [
            day
            for found in granted_and_released.granted(self.conn, self.plan).values()
            for day in found
        ]
        raised = life.raised(self.conn, conditions.of(plan=self.plan))
        return Figures(
            duties=len(self.judged),
            opened=sum(j.duty.opened_on is not None for j in self.judged),
            closed=sum(j.duty.closed_on is not None for j in self.judged),
            due=len(self.due),
            on_time=found["on-time"],
            late=found["late"],
            overdue=found["overdue"],
            not_done=found["not-done"],
            waiting=found["waiting"],
            excused=found["excused"],
            running=found["running"],
            closed_in_span=sum(self._within(j.duty.closed_on) for j in self.judged),
            all_overdue=sum(j.outcome == "overdue" for j in self.judged),
            review=stands["under-review"],
            behind=stands["behind-pace"],
            extended=sum(map(self._within, granted)),
            slips=sum(map(self._within, granted_and_released.released(self.conn, self.plan))),
            raised=sum(self._within(problem.raised_on) for problem in raised),
            answered=sum(self._within(problem.answered_on) for problem in raised),
        )

    def agencies(self) -> Iterable[AgencyFigures]:
        """Yield the figures of every agency with a duty due in the span or overdue."""
        grouped: dict[str, list[_Judged]] = {}
        for judged in self.judged:
            if self._within(judged.duty.due_on) or judged.outcome == "overdue":
                grouped.setdefault(judged.parts.performer, []).append(judged)
        for agency, found in sorted(grouped.items()):
            due = Counter(j.outcome for j in found if self._within(j.duty.due_on))
            late = [self._days(j) for j in found if j.outcome == "overdue"]
            yield AgencyFigures(
                agency=agency,
                name=self.names[agency],
                due=sum(due.values()),
                on_time=due["on-time"],
                late=due["late"],
                overdue=due["overdue"],
                all_overdue=len(late),
                longest=max(late, default=0),
            )

    def overdue(self) -> list[DutyLine]:
        """Return the overdue duties, the longest overdue first."""
        found = [self._line(j) for j in self.judged if j.outcome == "overdue"]
        return sorted(found, key=lambda line: (line.due_on, line.key))

    def coming(self) -> list[DutyLine]:
        """Return the unfinished duties that fall due in the next span."""
        _, since, until = self.span.following
        open_ = ("running", "waiting")
        found = [
            self._line(j)
            for j in self.judged
            if since <= j.duty.due_on <= until and j.outcome in open_
        ]
        return sorted(found, key=lambda line: (line.due_on, line.key))

    def behind(self) -> Iterable[QuotaLine]:
        """Yield the quotas behind pace at the last check."""
        for judged in self.judged:
            duty = judged.duty
            if judged.status != "behind-pace" or duty.quota_min is None:
                continue
            last = [q.due_on for q in looks(duty.opens_on, duty.due_on) if q.due_on <= self.on][-1]
            yield QuotaLine(
                **self._line(judged).model_dump(exclude={"days"}),
                delivered=duty.delivered,
                wanted=duty.quota_min,
                expected=expected(duty.quota_min, duty.opens_on, duty.due_on, today=last),
            )

    def problems(self) -> Iterable[ProblemLine]:
        """Yield the problems raised in the span, and older ones unanswered before it."""
        titles = {j.duty.key: j.duty.title for j in self.judged}
        agency_of = {user.id: user.agency for user in users.listed(self.conn)}
        for problem in life.raised(self.conn, conditions.of(plan=self.plan)):
            answered = problem.answered_on
            if answered is not None and answered < self.span.since:
                continue
            yield ProblemLine(
                key=problem.duty,
                number=problem.number,
                title=titles[problem.duty],
                agency=self.names[agency_of[problem.raised_by]],
                raised_on=problem.raised_on,
                answered_on=answered,
            )

    def _within(self, day: dt.date | None) -> bool:
        return day is not None and self.span.since <= day <= self.span.until

    def _days(self, judged: _Judged) -> int:
        return (self.on - judged.duty.due_on).days

    def _line(self, judged: _Judged) -> DutyLine:
        duty = judged.duty
        return DutyLine(
            key=duty.key,
            title=duty.title,
            measure=duty.measure,
            performer=self.names[judged.parts.performer],
            due_on=duty.due_on,
            days=self._days(judged) if judged.outcome == "overdue" else 0,
        )


def _target(report: TargetReport) -> TargetLine:
    target, place = report.target, report.place
    return TargetLine(
        id=report.id,
        indicator=target.indicator,
        goal=f"{target.value}{target.unit}",
        by=target.by,
        verdict=place.verdict,
        year=place.year,
        actual=None if place.actual is None else str(place.actual),
        expected=None if place.expected is None else str(place.expected),
    )
