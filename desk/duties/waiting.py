"""Queues of the office: filings to judge, requested extensions and reported problems."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desk.access import visibility
from ledger.duties import conditions, life

if TYPE_CHECKING:
    from desk.web.visit import Visit
    from ledger.duties.conditions import Condition
    from ledger.duties.duties import Duty, Order
    from ledger.duties.life import Extension, PlanProblem, Problem
    from ledger.session import Connection


class Filings(NamedTuple):
    """The duties under review by due date: those the visitor judges, and those with the lead.

    An agency does not see the second list.
    """

    own: list[Duty]
    lead: list[Duty]


class Problems(NamedTuple):
    """The problems without an answer, oldest first, and those with one, newest first."""

    open: list[Problem]
    answered: list[Problem]


class Way(NamedTuple):
    """A queue: its address, its name and its length."""

    path: str
    name: str
    waiting: int


def filings(conn: Connection, visit: Visit) -> Filings:
    """Return the duties under review: the lead judges first, then the office.

    (docs/rules.md, The life of a duty)
    """
    own, lead = _under_review(visit)
    order: list[Order] = ["due_on"]
    first = visibility.duties_of(conn, visit.actor, *own, order=order)
    others = [] if lead is None else visibility.duties_of(conn, visit.actor, *lead, order=order)
    return Filings(first, others)


def to_judge(conn: Connection, visit: Visit) -> int:
    """Return how many filings the visitor must judge."""
    own, _ = _under_review(visit)
    return visibility.count_of(conn, visit.actor, *own)


def _under_review(visit: Visit) -> tuple[list[Condition], list[Condition] | None]:
    """Return the conditions for both lists of `filings`; None for an agency's second list."""
    filed, passed = visit.day.has_status("under-review"), conditions.PAST_LEAD
    if visit.actor.kind == "office":
        return [filed, passed], [filed, ~passed]
    agencies = sorted(visit.actor.agencies)
    leads = (conditions.led_by(agencies), ~conditions.performed_by(agencies))
    return [filed, ~passed, *leads], None


def extensions(conn: Connection, visit: Visit) -> list[Extension]:
    """Return the undecided extension requests, oldest first."""
    return life.open_requests(conn, visibility.visible(visit.actor))


def problems(conn: Connection, visit: Visit) -> Problems:
    """Return the problems of the duties the visitor may see."""
    every = life.problems_of(conn, visibility.visible(visit.actor))
    still = [problem for problem in every if problem.answered_on is None]
    return Problems(still, [problem for problem in every if problem.answered_on][::-1])


def _of_plans(conn: Connection) -> list[PlanProblem]:
    """Return the problems of plans as a whole without an answer."""
    return [problem for problem in life.plan_problems(conn) if problem.answered_on is None]


def ways(conn: Connection, visit: Visit) -> list[Way]:
    """Return the queues of the office; nobody else has any."""
    if visit.actor.kind != "office":
        return []
    return [
        Way("/review", visit.say("review.menu"), to_judge(conn, visit)),
        Way("/extensions", visit.say("extensions.menu"), len(extensions(conn, visit))),
        Way("/problems", visit.say("problems.menu"), len(problems(conn, visit).open)),
        Way("/plan-problems", visit.say("plan-problems.menu"), len(_of_plans(conn))),
    ]
