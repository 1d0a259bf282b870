"""How duties stand on a day, as a question to the database: catalog.standing in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from catalog.quota import behind, looks
from catalog.standing import DUE_SOON, LIGHTS
from ledger.tables import TABLES

if TYPE_CHECKING:
    from datetime import date

DUTIES = TABLES["duties"]
EXTENSIONS = TABLES["extensions"]


def status(conn: sa.Connection, on: date) -> sa.ColumnElement[str]:
    """Return the status of each duty at the end of day `on`, in the order of catalog.standing.

    Pace is counted in Python and asked of the duties with a quota alone, which are few.
    """
    c = DUTIES.c
    returned = _by(c.returned_on, on) & (
        c.filed_on.is_(None) | (c.filed_on > on) | (c.returned_on >= c.filed_on)
    )
    done_on = sa.func.coalesce(c.filed_on, c.closed_on)
    return sa.case(
        (_by(c.waived_on, on), "waived"),
        (_by(c.closed_on, on) & (c.closed_as == "not-done"), "closed-not-done"),
        (_by(c.closed_on, on) & (done_on <= c.due_on), "closed-on-time"),
        (_by(c.closed_on, on), "closed-late"),
        (_by(c.suspended_on, on), "suspended"),
        (c.opens_on > on, "not-open"),
        (_by(c.filed_on, on) & ~returned, "under-review"),
        (returned, "returned"),
        (c.due_on < on, "overdue"),
        (c.key.in_(_behind(conn, on)), "behind-pace"),
        (c.due_on <= on + DUE_SOON, "due-soon"),
        (c.acknowledged_on.is_(None) | (c.acknowledged_on > on), "awaiting-receipt"),
        else_="on-course",
    )


def light(status: sa.ColumnElement[str], on: date) -> sa.ColumnElement[str]:
    """Return the light of each duty whose `status` on day `on` is given."""
    c = DUTIES.c
    return sa.case(
        ((status == "returned") & (c.due_on < on), "red"),
        ((status == "under-review") & (c.filed_on > c.due_on), "amber"),
        *((status == name, colour) for name, colour in LIGHTS.items()),
    )


def asked() -> sa.ColumnElement[bool]:
    """Return the condition for duties of which another date is asked and not decided."""
    waiting = sa.select(EXTENSIONS.c.duty).where(EXTENSIONS.c.outcome.is_(None))
    return DUTIES.c.key.in_(waiting)


def _by(day: sa.ColumnElement[date], on: date) -> sa.ColumnElement[bool]:
    return day.is_not(None) & (day <= on)


def _behind(conn: sa.Connection, on: date) -> list[str]:
    c = DUTIES.c
    wanted = sa.select(c.key, c.quota_min, c.delivered, c.opens_on, c.due_on).where(
        c.quota_min.is_not(None), c.opens_on <= on, c.due_on >= on, c.closed_on.is_(None)
    )
    return [
        key
        for key, least, delivered, opens_on, due_on in conn.execute(wanted)
        if (past := [q.due_on for q in looks(opens_on, due_on) if q.due_on <= on])
        and behind(least, delivered, opens_on, due_on, today=past[-1])
    ]
