"""What has happened to a duty: submissions, evidence, extensions, problems, remarks, dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import sqlalchemy as sa

from ledger.store.rows import rows
from ledger.tables import TABLES, Row
from ledger.tables.life import DueDate, Evidence, Extension, Problem, Remark, Submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledger.duties.conditions import Condition

__all__ = ["DueDate", "Evidence", "Extension", "Problem", "Remark", "Submission"]

T = TypeVar("T", bound=Row)


class Latest(NamedTuple):
    """What was said last of a duty, empty where nothing was.

    Of its progress, of a problem that nobody has answered, and of what comes next.
    """

    progress: str = ""
    problem: str = ""
    next_step: str = ""


def numbered(duty: str, noun: str, number: int) -> str:
    """Return the id of the `number`-th row of its kind of a duty: `KEY#submission-2`."""
    return f"{duty}#{noun}-{number}"


def due_dates(conn: sa.Connection, duty: str) -> list[DueDate]:
    """Return the due dates the duty had before, oldest first."""
    return _of(conn, DueDate, "due_dates", duty, by="version")


def submissions(conn: sa.Connection, duty: str) -> list[Submission]:
    """Return the filings of the duty, oldest first."""
    return _of(conn, Submission, "submissions", duty)


def evidence(conn: sa.Connection, duty: str) -> list[Evidence]:
    """Return every file named for the duty."""
    return _of(conn, Evidence, "evidence", duty, by="id")


def extensions(conn: sa.Connection, duty: str) -> list[Extension]:
    """Return the requests for another date, oldest first."""
    return _of(conn, Extension, "extensions", duty)


def problems(conn: sa.Connection, duty: str) -> list[Problem]:
    """Return the problems raised under the duty, oldest first."""
    return _of(conn, Problem, "problems", duty)


def remarks(conn: sa.Connection, duty: str) -> list[Remark]:
    """Return what was said about the duty, oldest first."""
    return _of(conn, Remark, "remarks", duty)


def latest(conn: sa.Connection, duties: Sequence[str]) -> dict[str, Latest]:
    """Return what was said last of each of `duties`."""
    said: dict[str, dict[str, str]] = {duty: {} for duty in duties}
    remarks, problems = TABLES["remarks"].c, TABLES["problems"].c
    told = sa.select(remarks.duty, remarks.kind, remarks.text).where(remarks.duty.in_(duties))
    for duty, kind, text in conn.execute(told.order_by(remarks.duty, remarks.number)):
        if kind in Latest._fields:
            said[duty][kind] = text
    asked = sa.select(problems.duty, problems.text).where(
        problems.duty.in_(duties), problems.answered_on.is_(None)
    )
    for duty, text in conn.execute(asked.order_by(problems.duty, problems.number)):
        said[duty]["problem"] = text
    return {duty: Latest(**found) for duty, found in said.items()}


def under_review(conn: sa.Connection, duty: str) -> Submission | None:
    """Return the last filing, unless it was given back."""
    filed = submissions(conn, duty)
    return filed[-1] if filed and filed[-1].returned_on is None else None


def open_request(conn: sa.Connection, duty: str) -> Extension | None:
    """Return the request for another date that waits for its decision."""
    return next((e for e in extensions(conn, duty) if e.outcome is None), None)


def undecided(conn: sa.Connection, *where: Condition) -> list[Extension]:
    """Return the requests that wait, oldest first, of the duties for which `where` holds."""
    columns = TABLES["extensions"].c
    query = [columns.outcome.is_(None), *where]
    return _under(conn, Extension, "extensions", columns.asked_on, query)


def raised(conn: sa.Connection, *where: Condition) -> list[Problem]:
    """Return the problems, oldest first, of the duties for which `where` holds."""
    return _under(conn, Problem, "problems", TABLES["problems"].c.raised_on, where)


def _of(
    conn: sa.Connection, noun: type[T], table: str, duty: str, *, by: str = "number"
) -> list[T]:
    columns = TABLES[table].c
    query = sa.select(TABLES[table]).where(columns.duty == duty)
    return rows(conn, query.order_by(columns[by]), noun)


def _under(
    conn: sa.Connection,
    noun: type[T],
    table: str,
    by: sa.ColumnElement[Any],
    where: Iterable[Condition],
) -> list[T]:
    columns, duties = TABLES[table].c, TABLES["duties"]
    query = sa.select(TABLES[table])
    query = query.join(duties, duties.c.key == columns.duty).where(*where)
    return rows(conn, query.order_by(by, columns.id), noun)
