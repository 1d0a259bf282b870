"""Granted extensions and released slips as reports count them: days, and cited documents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.proof import chain
from ledger.tables import TABLES

if TYPE_CHECKING:
    from ledger.duties.conditions import Condition

DUTIES = TABLES["duties"]
EXTENSIONS = TABLES["extensions"]
SLIPS = TABLES["slips"]
DUE_DATES = TABLES["due_dates"]
MOVES = ("extension-granted", "resumed")  # deeds of the office that move a due date


def extension_days(conn: sa.Connection, plan: str) -> dict[str, list[date]]:
    """Return the days on which extensions were granted, by duty."""
    query = sa.select(EXTENSIONS.c.duty, EXTENSIONS.c.decided_on).join(
        DUTIES, DUTIES.c.key == EXTENSIONS.c.duty
    )
    query = query.where(DUTIES.c.plan == plan, EXTENSIONS.c.outcome == "granted")
    days: dict[str, list[date]] = {}
    for duty, day in conn.execute(query.order_by(EXTENSIONS.c.id)):
        days.setdefault(duty, []).append(day)
    return days


def undocumented(conn: sa.Connection, *where: Condition) -> dict[str, list[date]]:
    """Return the former due dates that the plan's text fixed and no document moved, by duty.

    Of the duties that meet `where`. Documents of earlier versions stand in the history alone.
    """
    c = DUE_DATES.c
    query = sa.select(c.duty, c.due_on, c.moved_on).join(DUTIES, DUTIES.c.key == c.duty)
    query = query.where(c.deed.in_(MOVES), c.document.is_(None), DUTIES.c.basis == "plan", *where)
    moves: dict[str, list[date]] = {}
    for duty, due_on, moved_on in conn.execute(query.order_by(c.duty, c.version)):
        if moved_on not in _documented_days(conn, duty):
            moves.setdefault(duty, []).append(due_on)
    return moves


def _documented_days(conn: sa.Connection, duty: str) -> set[date]:
    """Return the days on which an entry that moved the due date cites a document."""
    moves = (e for e in chain.entries(conn, subject=duty) if e.deed in MOVES)
    return {date.fromisoformat(e.payload["on"]) for e in moves if e.payload.get("document")}


def release_days(conn: sa.Connection, plan: str) -> list[date]:
    """Return the day of release of every slip of `plan`."""
    query = sa.select(SLIPS.c.released_on).where(SLIPS.c.plan == plan)
    return list(conn.scalars(query.order_by(SLIPS.c.released_on)))
