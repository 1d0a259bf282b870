"""What waits for a decision: filings to be judged, dates asked for, problems raised."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog.standing import standing
from desk import access
from ledger import duties, life
from ledger.duties import DUTIES, Held

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from desk.visit import Visit
    from ledger.life import Extension, Problem


class Filings(NamedTuple):
    """The duties under review, by due date: for the visitor to judge, and with the lead still.

    An agency is not shown what others judge.
    """

    own: list[Held]
    lead: list[Held]


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
    """Return what is under review on this day; the lead judges first, then the office (rules 4)."""
    columns, mine = DUTIES.c, visit.actor.agencies
    found = access.duties_of(
        conn,
        visit.actor,
        columns.filed_on.is_not(None),
        columns.closed_on.is_(None),
        columns.waived_on.is_(None),
        order=[columns.due_on],
    )
    filed = [d for d in found if standing(duties.facts(d), visit.on).status == "under-review"]
    made = Filings([], [])
    for duty in filed:
        passed = duty.lead == duty.performer or duty.accepted_on is not None
        (made.own if passed else made.lead).append(duty)
    if visit.actor.kind == "office":
        return made
    return Filings([d for d in made.lead if d.lead in mine and d.performer not in mine], [])


def extensions(conn: Connection, visit: Visit) -> list[Extension]:
    """Return the requests for another date that wait, oldest first."""
    return life.undecided(conn, access.visible(visit.actor))


def problems(conn: Connection, visit: Visit) -> Problems:
    """Return the problems of the duties the visitor sees."""
    found = life.raised(conn, access.visible(visit.actor))
    still = [problem for problem in found if problem.answered_on is None]
    return Problems(still, [problem for problem in found if problem.answered_on][::-1])


def ways(conn: Connection, visit: Visit) -> list[Way]:
    """Return the three queues of the office; none for anybody else."""
    if visit.actor.kind != "office":
        return []
    return [
        Way("/review", visit.t("review.menu"), len(filings(conn, visit).own)),
        Way("/extensions", visit.t("extensions.menu"), len(extensions(conn, visit))),
        Way("/problems", visit.t("problems.menu"), len(problems(conn, visit).open)),
    ]
