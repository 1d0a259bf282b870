"""Who may act: users, and whom they stand in for on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from catalog.errors import ConflictError, NotFoundError
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.people import Delegation, User

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Delegation", "User"]

USERS = TABLES["users"]
DELEGATIONS = TABLES["delegations"]


def user(conn: sa.Connection, who: str) -> User:
    """Return the user of that login; raises NotFoundError."""
    found = first(conn, sa.select(USERS).where(USERS.c.id == who), User)
    if found is None:
        raise NotFoundError("user-unknown", user=who)
    return found


def listed(conn: sa.Connection, *, agency: str | None = None) -> list[User]:
    """Return the users by login, all or of an agency."""
    query = sa.select(USERS).order_by(USERS.c.id)
    if agency is not None:
        query = query.where(USERS.c.agency == agency)
    return rows(conn, query, User)


def delegations(conn: sa.Connection, *, of: str | None = None) -> list[Delegation]:
    """Return who stands in for whom, all or for a user, by the first day."""
    query = sa.select(DELEGATIONS).order_by(DELEGATIONS.c.since, DELEGATIONS.c.id)
    if of is not None:
        query = query.where(DELEGATIONS.c.user == of)
    return rows(conn, query, Delegation)


def acting_for(conn: sa.Connection, who: str, on: date) -> list[User]:
    """Return the user and all whom it stands in for on day `on`.

    Raises NotFoundError for an unknown login, ConflictError for one not valid on that day: a
    substitute whose time has run out is only itself again.
    """
    me = user(conn, who)
    if on < me.since or (me.until is not None and on > me.until):
        raise ConflictError("user-ended", user=who, on=on)
    query = (
        sa.select(USERS)
        .join(DELEGATIONS, DELEGATIONS.c.user == USERS.c.id)
        .where(DELEGATIONS.c.substitute == who)
        .where(DELEGATIONS.c.since <= on, DELEGATIONS.c.until >= on)
        .where(sa.or_(USERS.c.until.is_(None), USERS.c.until >= on))
        .order_by(USERS.c.id)
    )
    return [me, *rows(conn, query, User)]
