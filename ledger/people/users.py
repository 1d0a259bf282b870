"""Users, and the people they substitute for on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from catalog.errors import ConflictError, NotFoundError
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.people import Delegation, User

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

__all__ = ["Delegation", "User"]

USERS = TABLES["users"]
DELEGATIONS = TABLES["delegations"]
_USER = sa.select(USERS).where(USERS.c.id == sa.bindparam("who"))
_SUBSTITUTED = (
    sa.select(USERS)
    .join(DELEGATIONS, DELEGATIONS.c.user == USERS.c.id)
    .where(DELEGATIONS.c.substitute == sa.bindparam("who"))
    .where(DELEGATIONS.c.since <= sa.bindparam("on"), DELEGATIONS.c.until >= sa.bindparam("on"))
    .where(sa.or_(USERS.c.until.is_(None), USERS.c.until >= sa.bindparam("on")))
    .order_by(USERS.c.id)
)


def user(conn: sa.Connection, who: str) -> User:
    """Return the user with this login; raises NotFoundError."""
    row = first(conn, _USER, User, who=who)
    if row is None:
        raise NotFoundError("user-unknown", user=who)
    return row


def position(user: User) -> str:
    """Return the role and agency of a user; what proves the user ends when one of them changes."""
    return f"{user.role}/{user.agency}"


def listed(conn: sa.Connection, *, agency: str | None = None) -> list[User]:
    """Return the users by login: all, or those of an agency."""
    query = sa.select(USERS).order_by(USERS.c.id)
    if agency is not None:
        query = query.where(USERS.c.agency == agency)
    return rows(conn, query, User)


def administrators(conn: sa.Connection, on: date) -> list[User]:
    """Return the administrators of day `on` who have no last day, by login."""
    c = USERS.c
    query = sa.select(USERS).where(c.role == "administrator", c.since <= on, c.until.is_(None))
    return rows(conn, query.order_by(c.id), User)


def keep_an_administrator(conn: sa.Connection, leaving: Collection[str], on: date) -> None:
    """Raise ConflictError where nobody could add users any more once `leaving` have ended."""
    left = {each.id for each in administrators(conn, on)}
    if left and left <= set(leaving):
        raise ConflictError("last-administrator", user=", ".join(sorted(left)))


def delegations(conn: sa.Connection, *, of: str | None = None) -> list[Delegation]:
    """Return the substitutions by first day: all, or those for a user."""
    query = sa.select(DELEGATIONS).order_by(DELEGATIONS.c.since, DELEGATIONS.c.id)
    if of is not None:
        query = query.where(DELEGATIONS.c.user == of)
    return rows(conn, query, Delegation)


def acting_for(conn: sa.Connection, who: str, on: date) -> list[User]:
    """Return the person, followed by everyone they substitute for on day `on`.

    Raises NotFoundError for an unknown login, ConflictError for one not valid on that day.
    """
    person = user(conn, who)
    if on < person.since or (person.until is not None and on > person.until):
        raise ConflictError("user-ended", user=who, on=on)
    return [person, *rows(conn, _SUBSTITUTED, User, who=who, on=on)]
