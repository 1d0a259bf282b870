"""What waits for a decision: filings to be judged, dates asked for, problems raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desk.access import policy
from ledger.duties import conditions, life

if TYPE_CHECKING:
    from desk.web.visit import Visit
    from ledger.duties.conditions import Condition
    from ledger.duties.duties import Duty, Order
    from ledger.duties.life import Extension, Problem
    from ledger.session import Connection


class Filings(NamedTuple):
    """The duties under review, by due date: for the visitor to judge, and with the lead still.

    An agency is not shown what others judge.
    """

    own: list[Duty]
    lead: list[Duty]


class Problems(NamedTuple):
    """The problems raised: without an answer, oldest first, and with one, the last first."""

    open: list[Problem]
    answered: list[Problem]


class Way(NamedTuple):
    """The address of a queue, its name, and how many wait in it."""

    path: str
    name: str
    waiting: int


def filings(conn: Connection, visit: Visit) -> Filings:
    """Return the duties under review: by the lead first, then the office.

    docs/rules.md, The life of a duty.
    """
    own, lead = _under_review(visit)
    order: list[Order] = ["due_on"]
    found = policy.duties_of(conn, visit.actor, *own, order=order)
    others = [] if lead is None else policy.duties_of(conn, visit.actor, *lead, order=order)
    return Filings(found, others)


def to_judge(conn: Connection, visit: Visit) -> int:
    """Return how many filings wait for the visitor's own judgement."""
    own, _ = _under_review(visit)
    return policy.count_of(conn, visit.actor, *own)


def _under_review(visit: Visit) -> tuple[list[Condition], list[Condition] | None]:
    """Return the conditions for both lists of `filings`; an agency has no second one."""
    filed, passed = visit.day.stands("under-review"), conditions.PAST_LEAD
    if visit.actor.kind == "office":
        return [filed, passed], [filed, ~passed]
    mine = sorted(visit.actor.agencies)
    theirs = (conditions.led_by(mine), ~conditions.performed_by(mine))
    return [filed, ~passed, *theirs], None


def extensions(conn: Connection, visit: Visit) -> list[Extension]:
    """Return the requests for another date that wait, oldest first."""
    return life.undecided(conn, policy.visible(visit.actor))


def problems(conn: Connection, visit: Visit) -> Problems:
    """Return the problems of the duties the visitor sees."""
    found = life.raised(conn, policy.visible(visit.actor))
    still = [problem for problem in found if problem.answered_on is None]
    return Problems(still, [problem for problem in found if problem.answered_on][::-1])


def ways(conn: Connection, visit: Visit) -> list[Way]:
    """Return the three queues of the office; none for anybody else."""
    if visit.actor.kind != "office":
        return []
    return [
        Way("/review", visit.say("review.menu"), to_judge(conn, visit)),
        Way("/extensions", visit.say("extensions.menu"), len(extensions(conn, visit))),
        Way("/problems", visit.say("problems.menu"), len(problems(conn, visit).open)),
    ]
