"""Material for meetings: duties, problems and requests of the measures a meeting is for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from catalog.plans.contents import WHOLE_PLAN
from catalog.reports.preparation import (
    ITEMS,
    Agenda,
    LeadCount,
    Line,
    Question,
    Requested,
    meeting_day,
)
from ledger.duties import assignments, conditions, duties, life, meetings, standing_in_sql
from ledger.people import users
from tasks.preparing import by_urgency, prepare

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from ledger.duties.conditions import Condition
    from ledger.session import Ledger
    from tasks.preparing import DutyContext
    from tasks.tick import Counts, Tick


def prepare_meetings(ledger: Ledger, tick: Tick) -> Counts:
    """Prepare an agenda for every meeting that is due for preparation."""
    return prepare(ledger, tick, "meeting", agenda)


def agenda(context: DutyContext) -> Agenda:
    """Return the agenda of a meeting (docs/rules.md, Meetings)."""
    duty, edition = context.duty, context.edition
    scope = edition.obligation(duty.obligation)[1].agenda
    since = meetings.last_held(context.conn, duty, before=context.on)
    gathered = _Gathered(context, scope, since or duty.opens_on)
    items = gathered.items()
    return Agenda(
        **context.common_fields(),
        **_day(context),
        scope=scope,
        since=since,
        running=len(items) if scope is None else gathered.running(),
        total=len(items),
        leads=tuple(_by_lead(items)),
        items=tuple(items[:ITEMS]),
        decisions=tuple(gathered.decisions())[:ITEMS],
        questions=tuple(gathered.questions())[:ITEMS],
        requests=tuple(gathered.requests())[:ITEMS],
    )


def _day(context: DutyContext) -> dict[str, Any]:
    """Return the day and place announced for the meeting, or else the day proposed by rule."""
    duty = context.duty
    if duty.planned_on is not None and duty.planned_on >= context.on:
        return {
            "held_on": duty.planned_on,
            "planned": True,
            "place": duty.planned_place or "",
        }
    workdays = context.edition.workdays
    return {"held_on": meeting_day(workdays, duty.due_on, prepared_on=context.on)}


@dataclass
class _Gathered:
    """The matters of the duties a meeting is for; those settled before `begin` are left out."""

    context: DutyContext
    scope: tuple[str, ...] | None
    begin: dt.date
    _where: Condition = field(init=False)

    def __post_init__(self) -> None:
        duty = self.context.duty
        if self.scope is None:
            own = (duty.key, *(other.key for other in self.context.open_siblings()))
            self._where = conditions.of_keys(own)
        else:
            self._where = conditions.of(plan=duty.plan) & conditions.of_measures(self._measures)

    @property
    def _measures(self) -> Sequence[str]:
        scope = self.scope or ()
        return () if WHOLE_PLAN in scope else scope

    @property
    def _open(self) -> Condition:
        """The duties of the scope that are open, except the meeting itself and its decisions."""
        duty = self.context.duty
        others = ~conditions.of_keys([duty.key]) & ~assignments.decided_by(duty)
        return self._where & conditions.UNFINISHED & conditions.begun(self.context.on) & others

    def running(self) -> int:
        """Return how many duties of the scope are open."""
        return duties.count(self.context.conn, self._open)

    def items(self) -> list[Line]:
        """Return the duties to speak of: all open ones, or of a whole plan the pressing ones."""
        if self.scope is None:
            return self.context.siblings()
        where = self._open
        if not self._measures:
            day = standing_in_sql.at(self.context.conn, self.context.on)
            where &= day.has_light("red") | day.has_status("behind-pace")
        return by_urgency(map(self.context.line, duties.chosen(self.context.conn, where)))

    def decisions(self) -> Iterator[Line]:
        """Yield the duties that earlier meetings decided: those open, and those ended since."""
        decided = assignments.decided_by(self.context.duty)
        for duty in duties.chosen(self.context.conn, decided, order=["due_on"]):
            ended_on = duty.closed_on or duty.waived_on
            if ended_on is None or ended_on >= self.begin:
                yield self.context.line(duty)

    def questions(self) -> Iterator[Question]:
        """Yield the problems without an answer, and those raised or answered since."""
        conn, names = self.context.conn, self.context.names
        if self.scope and not self._measures:
            of_plan = life.plan_problems(conn, self.context.duty.plan)
            yield from (
                _question(p, "", names[p.agency]) for p in filter(self._is_current, of_plan)
            )
        agencies = {user.id: user.agency for user in users.listed(conn)}
        for problem in filter(self._is_current, life.problems_of(conn, self._where)):
            agency = problem.agency or agencies[problem.raised_by]
            yield _question(problem, problem.duty, names[agency])

    def _is_current(self, problem: life.Problem | life.PlanProblem) -> bool:
        return problem.answered_on is None or problem.answered_on >= self.begin

    def requests(self) -> Iterator[Requested]:
        """Yield the requests for a later date without a decision, and those decided since."""
        current = [
            each
            for each in life.extensions_of(self.context.conn, self._where)
            if each.decided_on is None or each.decided_on >= self.begin
        ]
        of = duties.of(self.context.conn, [each.duty for each in current])
        for each in current:
            yield Requested(
                key=each.duty,
                title=of[each.duty].title,
                performer=self.context.names[of[each.duty].performer],
                asked_on=each.asked_on,
                asked_to=each.asked_to,
                reason=each.reason,
                outcome=each.outcome,
                granted_to=each.granted_to,
            )


def _question(problem: life.Problem | life.PlanProblem, key: str, agency: str) -> Question:
    return Question(
        key=key,
        number=problem.number,
        text=problem.text,
        raised_by=problem.raised_by,
        raised_on=problem.raised_on,
        answer=problem.answer or "",
        agency=agency,
    )


def _by_lead(items: Sequence[Line]) -> Iterator[LeadCount]:
    """Yield the counts of each lead, those with the most pressing items first."""
    every = Counter(line.lead for line in items)
    overdue = Counter(line.lead for line in items if line.light == "red")
    behind = Counter(line.lead for line in items if line.status == "behind-pace")
    for lead in sorted(every, key=lambda name: (-overdue[name], -behind[name], -every[name], name)):
        yield LeadCount(lead=lead, items=every[lead], overdue=overdue[lead], behind=behind[lead])
