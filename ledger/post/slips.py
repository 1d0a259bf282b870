"""Slips (督辦單): the drafts, and the register of those released, with number and wording."""

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


class SlipNotice(NamedTuple):
    """A slip to one recipient: its notice, and its entry in the register once released."""

    notice: notices.Notice
    slip: Slip | None

    @property
    def shared(self) -> tuple[Any, ...]:
        """The values that its notices to all recipients share: a slip has one number."""
        return tuple(getattr(self.notice, name) for name in notices.SLIP)


def of_message(conn: sa.Connection, message: str) -> Slip | None:
    """Return the slip that `message` carries, None for a draft or a digest.

    One slip goes to several positions of an agency, by every channel, under one number. Before, two
    recipients had a number each: theirs is the one released to them.
    """
    here, origin = NOTICES.alias(), NOTICES.alias()
    same = [here.c[name] == origin.c[name] for name in notices.SLIP]
    query = (
        sa.select(SLIPS)
        .join(origin, origin.c.message == SLIPS.c.message)
        .join(here, sa.and_(*same, here.c.form == origin.c.form))
        .where(here.c.message == message)
        .order_by(here.c.recipient != origin.c.recipient, SLIPS.c.serial)
    )
    return first(conn, query.limit(1), Slip)


def listed(
    conn: sa.Connection, *, duty: str | None = None, state: str | None = None
) -> list[SlipNotice]:
    """Return the slips by day, drafts included: all, of a duty, or in a state."""
    all_ = notices.listed(conn, duty=duty, state=state, form="slip")
    register = _register(conn) if all_ else {}

    def entry(notice: notices.Notice) -> Slip | None:
        shared = tuple(getattr(notice, name) for name in notices.SLIP)
        return register.get((*shared, notice.recipient)) or register.get(shared)

    return [SlipNotice(notice, entry(notice)) for notice in all_]


def matching(conn: sa.Connection, name: str) -> list[SlipNotice]:
    """Return the slips with this number or notice id; NotFoundError where there is none.

    Numbers are unique in a plan's register; two plans may use the same one.
    """
    query = (
        sa.select(NOTICES.c.id)
        .outerjoin(SLIPS, SLIPS.c.message == NOTICES.c.message)
        .where(NOTICES.c.form == "slip")
        .where(sa.or_(NOTICES.c.id == name, SLIPS.c.number == name))
        .order_by(NOTICES.c.id)
    )
    matches = [notices.one(conn, notice) for notice in conn.scalars(query)]
    if not matches:
        raise NotFoundError("slip-unknown", slip=name)
    return [SlipNotice(notice, of_message(conn, notice.message)) for notice in matches]


def numbers(conn: sa.Connection) -> list[tuple[str, str]]:
    """Return the duty and the number of every released slip."""
    rows = conn.execute(sa.select(SLIPS.c.duty, SLIPS.c.number))
    return [(duty, number) for duty, number in rows]


def next_serial(conn: sa.Connection, plan: str, year: int) -> int:
    """Return the next number of the plan's register in `year` and reserve it.

    SQLite has one writer anyway; on PostgreSQL others wait for the row of the edition in force.
    """
    in_force = sa.select(EDITIONS.c.plan).where(EDITIONS.c.plan == plan, EDITIONS.c.in_force)
    conn.execute(in_force.with_for_update(key_share=True))
    of_year = sa.and_(SLIPS.c.plan == plan, SLIPS.c.year == year)
    last = conn.execute(sa.select(sa.func.max(SLIPS.c.serial)).where(of_year)).scalar()
    return (last or 0) + 1


def _register(conn: sa.Connection) -> dict[tuple[Any, ...], Slip]:
    """Return every released slip by the values its notices share, without and with recipient."""
    common = [NOTICES.c[name] for name in (*notices.SLIP, "recipient")]
    query = sa.select(*common, SLIPS).join(NOTICES, NOTICES.c.message == SLIPS.c.message)
    slip, register = maker(Slip), {}
    for row in conn.execute(query):
        shared = tuple(row[: len(common)])
        register[shared] = register[shared[:-1]] = slip(row[len(common) :])
    return register
