"""The figures of a circular, counted from the ledger as known on a day."""

from __future__ import annotations

import functools
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from catalog.duties.outcome import Outcome, outcome
from catalog.duties.quota import expected, last_look
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

    `conn` is the ledger as known then (`known_on`). A duty counts for the agency that
    performed it on its due date, or on the day it was closed if that came first.
    """
    edition = in_force(conn, plan).plan
    counting = _Counting(conn, plan, span, on)
    end = chain.head(conn)
    return CircularFigures(
        plan=plan,
        title=edition.title,
        office=counting.names[edition.office],
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


class _Judgement(NamedTuple):
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
        self.register = agencies.agencies_on(conn, on)
        self.names = self.register.by_id
        own = duties.chosen(conn, conditions.of(plan=plan), conditions.COUNTED)
        parts = holders.counted_parts(conn, own)
        self.judgements = [self._judge(duty, parts[duty.key]) for duty in own]

    def _judge(self, duty: Duty, parts: Parts) -> _Judgement:
        facts = duties.facts(duty)
        return _Judgement(duty, parts, outcome(facts, self.on), standing(facts, self.on).status)

    @functools.cached_property
    def due(self) -> list[_Judgement]:
        """The duties due in the span."""
        return [j for j in self.judgements if self._within(j.duty.due_on)]

    def figures(self) -> Figures:
        outcomes = Counter(j.outcome for j in self.due)
        statuses = Counter(j.status for j in self.judgements)
        granted = granted_and_released.extension_days(self.conn, self.plan).values()
        problems = life.problems_of(self.conn, conditions.of(plan=self.plan))
        return Figures(
            duties=len(self.judgements),
            opened=sum(j.duty.opened_on is not None for j in self.judgements),
            closed=sum(j.duty.closed_on is not None for j in self.judgements),
            due=len(self.due),
            on_time=outcomes["on-time"],
            late=outcomes["late"],
            overdue=outcomes["overdue"],
            not_done=outcomes["not-done"],
            waiting=outcomes["waiting"],
            excused=outcomes["excused"],
            running=outcomes["running"],
            closed_in_span=sum(self._within(j.duty.closed_on) for j in self.judgements),
            all_overdue=sum(j.outcome == "overdue" for j in self.judgements),
            review=statuses["under-review"],
            behind=statuses["behind-pace"],
            extended=sum(self._within(day) for days in granted for day in days),
            slips=sum(map(self._within, granted_and_released.release_days(self.conn, self.plan))),
            raised=sum(self._within(problem.raised_on) for problem in problems),
            answered=sum(self._within(problem.answered_on) for problem in problems),
            undocumented=len(
                granted_and_released.undocumented(self.conn, conditions.of(plan=self.plan))
            ),
        )

    def agencies(self) -> Iterable[AgencyFigures]:
        """Yield the figures of every agency with a duty due in the span or overdue."""
        grouped: dict[str, list[_Judgement]] = {}
        for judgement in self.judgements:
            if self._within(judgement.duty.due_on) or judgement.outcome == "overdue":
                grouped.setdefault(judgement.parts.performer, []).append(judgement)
        for agency, judgements in sorted(grouped.items()):
            due = Counter(j.outcome for j in judgements if self._within(j.duty.due_on))
            late = [self._days(j) for j in judgements if j.outcome == "overdue"]
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
        lines = [self._line(j) for j in self.judgements if j.outcome == "overdue"]
        return sorted(lines, key=lambda line: (line.due_on, line.key))

    def coming(self) -> list[DutyLine]:
        """Return the unfinished duties that fall due in the next span."""
        _, since, until = self.span.following
        open_ = ("running", "waiting")
        lines = [
            self._line(j)
            for j in self.judgements
            if since <= j.duty.due_on <= until and j.outcome in open_
        ]
        return sorted(lines, key=lambda line: (line.due_on, line.key))

    def behind(self) -> Iterable[QuotaLine]:
        """Yield the quotas behind pace at the last check."""
        for judgement in self.judgements:
            duty = judgement.duty
            last = last_look(duty.opens_on, duty.due_on, self.on)
            if judgement.status != "behind-pace" or duty.quota_min is None or last is None:
                continue
            yield QuotaLine(
                **self._line(judgement).model_dump(exclude={"days"}),
                delivered=duty.delivered,
                wanted=duty.quota_min,
                expected=expected(duty.quota_min, *duties.facts(duty).paced, today=last),
            )

    def problems(self) -> Iterable[ProblemLine]:
        """Yield the problems raised in the span, and older ones unanswered before it."""
        titles = {j.duty.key: j.duty.title for j in self.judgements}
        agency_of = {user.id: user.agency for user in users.listed(self.conn)}
        for problem in life.problems_of(self.conn, conditions.of(plan=self.plan)):
            answered_on = problem.answered_on
            agency = problem.agency or agency_of[problem.raised_by]
            if answered_on is not None and answered_on < self.span.since:
                continue
            yield ProblemLine(
                key=problem.duty,
                number=problem.number,
                title=titles[problem.duty],
                agency=self.register.at(problem.raised_on)[agency].name,
                raised_on=problem.raised_on,
                answered_on=answered_on,
            )

    def _within(self, day: dt.date | None) -> bool:
        return day is not None and self.span.since <= day <= self.span.until

    def _days(self, judgement: _Judgement) -> int:
        return (self.on - judgement.duty.due_on).days

    def _line(self, judgement: _Judgement) -> DutyLine:
        duty = judgement.duty
        return DutyLine(
            key=duty.key,
            title=duty.title,
            measure=duty.measure,
            performer=self.register.of(duty)[judgement.parts.performer].name,
            due_on=duty.due_on,
            days=self._days(judgement) if judgement.outcome == "overdue" else 0,
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
