"""Life of a duty: due dates, submissions, evidence, extensions, problems and remarks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import sqlalchemy as sa

from ledger.store.rows import first, rows
from ledger.tables import TABLES, Row
from ledger.tables.life import (
    DueDate,
    Evidence,
    Extension,
    MeetingAnswer,
    Planning,
    PlanProblem,
    Problem,
    Remark,
    Submission,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from ledger.duties.conditions import Condition

__all__ = [
    "DueDate",
    "Evidence",
    "Extension",
    "MeetingAnswer",
    "PlanProblem",
    "Planning",
    "Problem",
    "Remark",
    "Submission",
]

T = TypeVar("T", bound=Row)


class Latest(NamedTuple):
    """The last remarks on a duty: progress, an unanswered problem and the next step."""

    progress: str = ""
    problem: str = ""
    next_step: str = ""


class RelayedWord(NamedTuple):
    """The last word of its `kind` on a duty, as the office recorded it for `agency`.

    `kind` is progress, problem or next_step; `by` is the name of who typed it, and `source` the
    file or letter it came in.
    """

    kind: str
    agency: str
    by: str
    source: str


class OpenProblem(NamedTuple):
    """A problem without an answer: of a duty, or of the plan as a whole (`duty` None)."""

    duty: str | None
    number: int
    agency: str
    raised_on: date
    text: str


def row_id(duty: str, noun: str, number: int) -> str:
    """Return the id of the `number`-th row of its kind of a duty: `KEY#submission-2`."""
    return f"{duty}#{noun}-{number}"


def due_dates(conn: sa.Connection, duty: str, *, newest: int | None = None) -> list[DueDate]:
    """Return the due dates the duty had before, oldest first: all, or only the `newest`.

    The other readers of a duty's life take `newest` alike.
    """
    return _of(conn, DueDate, "due_dates", duty, newest, by="version")


def submissions(conn: sa.Connection, duty: str, *, newest: int | None = None) -> list[Submission]:
    """Return the filings of the duty, oldest first."""
    return _of(conn, Submission, "submissions", duty, newest)


def evidence(conn: sa.Connection, duty: str, *, newest: int | None = None) -> list[Evidence]:
    """Return the evidence files of the duty, by id."""
    return _of(conn, Evidence, "evidence", duty, newest, by="id")


def extensions(conn: sa.Connection, duty: str, *, newest: int | None = None) -> list[Extension]:
    """Return the requests for an extension, oldest first."""
    return _of(conn, Extension, "extensions", duty, newest)


def problems(conn: sa.Connection, duty: str, *, newest: int | None = None) -> list[Problem]:
    """Return the problems raised under the duty, oldest first."""
    return _of(conn, Problem, "problems", duty, newest)


def remarks(conn: sa.Connection, duty: str, *, newest: int | None = None) -> list[Remark]:
    """Return the remarks on the duty, oldest first."""
    return _of(conn, Remark, "remarks", duty, newest)


def plannings(conn: sa.Connection, duty: str, *, newest: int | None = None) -> list[Planning]:
    """Return the plannings of a meeting, oldest first.

    Meetings planned before plannings were recorded have none.
    """
    return _of(conn, Planning, "plannings", duty, newest)


def meeting_answers(
    conn: sa.Connection, duty: str, *, newest: int | None = None
) -> list[MeetingAnswer]:
    """Return the answers to the plannings of a meeting, oldest first."""
    return _of(conn, MeetingAnswer, "meeting_answers", duty, newest)


def count(conn: sa.Connection, table: str, duty: str) -> int:
    """Return how many rows of `table` the duty has."""
    rows = sa.select(sa.func.count()).select_from(TABLES[table])
    return conn.scalar(rows.where(TABLES[table].c.duty == duty)) or 0


def latest(conn: sa.Connection, duties: Sequence[str]) -> dict[str, Latest]:
    """Return the last remarks on each of `duties`."""
    texts: dict[str, dict[str, str]] = {duty: {} for duty in duties}
    remarks, problems = TABLES["remarks"].c, TABLES["problems"].c
    newest = _newest_remarks(duties)
    for duty, kind, text in conn.execute(newest(remarks.duty, remarks.kind, remarks.text)):
        if kind in Latest._fields:
            texts[duty][kind] = text
    unanswered = sa.select(problems.duty, problems.text).where(
        problems.duty.in_(duties), problems.answered_on.is_(None)
    )
    for duty, text in conn.execute(unanswered.order_by(problems.duty, problems.number)):
        texts[duty]["problem"] = text
    return {duty: Latest(**fields) for duty, fields in texts.items()}


def relayed(conn: sa.Connection, duties: Sequence[str]) -> dict[str, list[RelayedWord]]:
    """Return of the last remarks on each of `duties` those that the office recorded."""
    remarks, problems, users = (TABLES[name].c for name in ("remarks", "problems", "users"))
    words: dict[str, list[RelayedWord]] = {}
    own = (remarks.duty, remarks.kind, remarks.agency, users.name, remarks.source)
    of_remarks = _newest_remarks(duties)(*own).join(users.id.table, users.id == remarks.said_by)
    open_ones = (problems.duty.in_(duties), problems.answered_on.is_(None))
    of_problems = (
        sa.select(
            problems.duty, sa.literal("problem"), problems.agency, users.name, problems.source
        )
        .join(users.id.table, users.id == problems.raised_by)
        .where(*open_ones, problems.agency.is_not(None))
        .order_by(problems.duty, problems.number)
    )
    for query in (of_remarks.where(remarks.agency.is_not(None)), of_problems):
        for duty, *word in conn.execute(query):
            words.setdefault(duty, []).append(RelayedWord(*word))
    return words


def _newest_remarks(duties: Sequence[str]) -> Callable[..., sa.Select[Any]]:
    """Return the selection of columns of the last remark of each kind on `duties`."""
    remarks = TABLES["remarks"].c
    of_kind = sa.select(sa.func.max(remarks.number), remarks.duty, remarks.kind)
    newest = of_kind.where(remarks.duty.in_(duties)).group_by(remarks.duty, remarks.kind).subquery()
    is_newest = (remarks.duty == newest.c.duty) & (remarks.number == newest.c[0])
    return lambda *columns: sa.select(*columns).join(newest, is_newest)


def under_review(conn: sa.Connection, duty: str) -> Submission | None:
    """Return the last filing, None where it was returned."""
    filings = submissions(conn, duty)
    return filings[-1] if filings and filings[-1].returned_on is None else None


def open_request(conn: sa.Connection, duty: str) -> Extension | None:
    """Return the undecided request for an extension, None where there is none."""
    return next((e for e in extensions(conn, duty) if e.outcome is None), None)


def open_requests(conn: sa.Connection, *where: Condition) -> list[Extension]:
    """Return the undecided requests for duties that meet `where`, oldest first."""
    c = TABLES["extensions"].c
    return _under(conn, Extension, "extensions", c.asked_on, [c.outcome.is_(None), *where])


def extensions_of(conn: sa.Connection, *where: Condition) -> list[Extension]:
    """Return the requests for duties that meet `where`, oldest first."""
    return _under(conn, Extension, "extensions", TABLES["extensions"].c.asked_on, where)


def problems_of(conn: sa.Connection, *where: Condition) -> list[Problem]:
    """Return the problems of duties that meet `where`, oldest first."""
    return _under(conn, Problem, "problems", TABLES["problems"].c.raised_on, where)


def plan_problems(conn: sa.Connection, plan: str | None = None) -> list[PlanProblem]:
    """Return the problems of a plan as a whole, or those of all plans, oldest first."""
    table = TABLES["plan_problems"]
    query = sa.select(table).order_by(table.c.raised_on, table.c.plan, table.c.number)
    return rows(conn, query if plan is None else query.where(table.c.plan == plan), PlanProblem)


def plan_problem(conn: sa.Connection, problem: str) -> PlanProblem:
    """Return the problem of a plan with this id; KeyError where there is none."""
    table = TABLES["plan_problems"]
    row = first(conn, sa.select(table).where(table.c.id == problem), PlanProblem)
    if row is None:
        raise KeyError(problem)
    return row


def open_problems(conn: sa.Connection, plan: str) -> list[OpenProblem]:
    """Return the unanswered problems of a plan and of its duties, oldest first."""
    of_plan = [
        OpenProblem(None, p.number, p.agency, p.raised_on, p.text)
        for p in plan_problems(conn, plan)
        if p.answered_on is None
    ]
    problems, duties, users = TABLES["problems"], TABLES["duties"], TABLES["users"]
    agency = sa.func.coalesce(problems.c.agency, users.c.agency)
    query = sa.select(
        problems.c.duty, problems.c.number, agency, problems.c.raised_on, problems.c.text
    )
    query = query.join(duties, duties.c.key == problems.c.duty)
    query = query.join(users, users.c.id == problems.c.raised_by)
    query = query.where(duties.c.plan == plan, problems.c.answered_on.is_(None))
    of_duties = [OpenProblem(*row) for row in conn.execute(query)]
    return sorted([*of_plan, *of_duties], key=lambda p: (p.raised_on, p.duty or "", p.number))


def _of(
    conn: sa.Connection,
    model: type[T],
    table: str,
    duty: str,
    newest: int | None,
    *,
    by: str = "number",
) -> list[T]:
    values = {} if newest is None else {"newest": newest}
    query = _of_duty(table, by, limited=newest is not None)
    return rows(conn, query, model, duty=duty, **values)[::-1]


@cache
def _of_duty(table: str, by: str, *, limited: bool) -> sa.Select[Any]:
    """Return the statement for the rows of a duty, the last first."""
    columns = TABLES[table].c
    query = sa.select(TABLES[table]).where(columns.duty == sa.bindparam("duty"))
    query = query.order_by(columns[by].desc())
    return query.limit(sa.bindparam("newest")) if limited else query


def _under(
    conn: sa.Connection,
    model: type[T],
    table: str,
    by: sa.ColumnElement[Any],
    where: Iterable[Condition],
) -> list[T]:
    columns, duties = TABLES[table].c, TABLES["duties"]
    query = sa.select(TABLES[table])
    query = query.join(duties, duties.c.key == columns.duty).where(*where)
    return rows(conn, query.order_by(by, columns.id), model)
