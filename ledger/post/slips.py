"""The register of slips (督辦單): what was released under which number, in which words."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from catalog.errors import NotFoundError
from ledger.post import notices
from ledger.store.rows import first, maker
from ledger.tables import TABLES
from ledger.tables.life import Slip

__all__ = ["Slip"]

SLIPS = TABLES["slips"]
NOTICES = TABLES["notices"]
EDITIONS = TABLES["editions"]


class Entered(NamedTuple):
    """A slip as the office sees it: its notice, and its place in the register once released."""

    notice: notices.Notice
    slip: Slip | None


def of_message(conn: sa.Connection, message: str) -> Slip | None:
    """Return the slip whose words travel in `message`, None for a draft or a digest.

    A recipient reached by two channels gets one slip twice: both messages have its one number.
    """
    here, origin = NOTICES.alias(), NOTICES.alias()
    same = [here.c[name] == origin.c[name] for name in notices.SAME]
    wanted = (
        sa.select(SLIPS)
        .join(origin, origin.c.message == SLIPS.c.message)
        .join(here, sa.and_(*same))
        .where(here.c.message == message)
    )
    return first(conn, wanted, Slip)


def listed(
    conn: sa.Connection, *, duty: str | None = None, state: str | None = None
) -> list[Entered]:
    """Return the slips by day, drafts included: all, of a duty, or in a state."""
    told = notices.listed(conn, duty=duty, state=state, form="slip")
    register = _register(conn) if told else {}
    return [
        Entered(n, register.get(tuple(getattr(n, name) for name in notices.SAME))) for n in told
    ]


def named(conn: sa.Connection, name: str) -> list[Entered]:
    """Return the slips of that number or notice id; NotFoundError when there is none.

    Numbers are unique in a plan's register; two plans may write theirs alike.
    """
    wanted = (
        sa.select(NOTICES.c.id)
        .outerjoin(SLIPS, SLIPS.c.message == NOTICES.c.message)
        .where(NOTICES.c.form == "slip")
        .where(sa.or_(NOTICES.c.id == name, SLIPS.c.number == name))
        .order_by(NOTICES.c.id)
    )
    told = [notices.one(conn, notice) for notice in conn.scalars(wanted)]
    if not told:
        raise NotFoundError("slip-unknown", slip=name)
    return [Entered(notice, of_message(conn, notice.message)) for notice in told]


def numbers(conn: sa.Connection) -> list[tuple[str, str]]:
    """Return the duty and the number of every released slip."""
    rows = conn.execute(sa.select(SLIPS.c.duty, SLIPS.c.number))
    return [(duty, number) for duty, number in rows]


def next_serial(conn: sa.Connection, plan: str, year: int) -> int:
    """Return the next number of the plan's register in `year`, and keep others from taking it.

    SQLite has one writer anyway; PostgreSQL is told to wait on the edition in force.
    """
    in_force = sa.select(EDITIONS.c.plan).where(EDITIONS.c.plan == plan, EDITIONS.c.in_force)
    conn.execute(in_force.with_for_update(key_share=True))
    of_year = sa.and_(SLIPS.c.plan == plan, SLIPS.c.year == year)
    last = conn.execute(sa.select(sa.func.max(SLIPS.c.serial)).where(of_year)).scalar()
    return (last or 0) + 1


def _register(conn: sa.Connection) -> dict[tuple[Any, ...], Slip]:
    """Return every released slip by what its copies have in common."""
    common = [NOTICES.c[name] for name in notices.SAME]
    wanted = sa.select(*common, SLIPS).join(NOTICES, NOTICES.c.message == SLIPS.c.message)
    slip = maker(Slip)
    return {tuple(row[: len(common)]): slip(row[len(common) :]) for row in conn.execute(wanted)}
