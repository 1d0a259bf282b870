"""Holiday notices recorded in this ledger, and the working days that they make."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from catalog.dates.workdays import Notice, load_workdays, workdays_with
from ledger.tables import TABLES

if TYPE_CHECKING:
    from catalog.dates.workdays import Workdays

NOTICES = TABLES["holiday_notices"]
BETWEEN = "/"  # the first and last day of a stretch


def recorded(conn: sa.Connection, code: str) -> tuple[Notice, ...]:
    """Return the notices recorded here for the calendar of that code, by year."""
    c = NOTICES.c
    query = sa.select(c.year, c.papers, c.off, c.work).where(c.code == code).order_by(c.year)
    return tuple(
        Notice(year, papers, tuple(map(_stretch, off)), tuple(map(date.fromisoformat, work)))
        for year, papers, off, work in conn.execute(query)
    )


def calendar(conn: sa.Connection, code: str) -> Workdays:
    """Return the calendar of that code as this ledger has it; NotFoundError for an unknown one."""
    own = recorded(conn, code)
    return workdays_with(code, own) if own else load_workdays(code)


def values(notice: Notice) -> dict[str, Any]:
    """Return the row of a notice, without its key."""
    return {
        "papers": notice.papers,
        "off": tuple(f"{first}{BETWEEN}{last}" for first, last in notice.off),
        "work": tuple(map(str, notice.work)),
    }


def _stretch(text: str) -> tuple[date, date]:
    first, _, last = text.partition(BETWEEN)
    return date.fromisoformat(first), date.fromisoformat(last)
