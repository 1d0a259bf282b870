"""Users, and the people they substitute for on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from catalog.errors import ConflictError, NotFoundError
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.people import Delegation, User

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
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


_PERSON = sa.func.coalesce(USERS.c.of, USERS.c.id)


def user(conn: sa.Connection, who: str) -> User:
    """Return the user with this login; raises NotFoundError."""
    row = first(conn, _USER, User, who=who)
    if row is None:
        raise NotFoundError("user-unknown", user=who)
    return row


def person_of(conn: sa.Connection, who: str) -> str:
    """Return the first login of the person who has the login `who`; an unknown one is its own."""
    return conn.scalar(sa.select(_PERSON).where(USERS.c.id == who)) or who


def logins_of(who: str) -> sa.Select[tuple[str]]:
    """Select every login of the person who has the login `who`, ended ones too."""
    own = sa.select(_PERSON).where(USERS.c.id == who).scalar_subquery()
    return sa.select(USERS.c.id).where(sa.or_(USERS.c.id == own, USERS.c.of == own))


def posts(conn: sa.Connection, who: str, on: date | None = None) -> list[User]:
    """Return the logins of the person who has the login `who`: all, or those valid on day `on`."""
    query = sa.select(USERS).where(USERS.c.id.in_(logins_of(who))).order_by(USERS.c.id)
    every = rows(conn, query, User)
    return every if on is None else [post for post in every if is_valid(post, on)]


def is_valid(user: User, on: date) -> bool:
    """Tell whether the login is valid on day `on`."""
    return user.since <= on and (user.until is None or on <= user.until)


def stakes(conn: sa.Connection, actors: Sequence[User], on: date) -> list[User]:
    """Return the posts in which the people behind `actors` have a stake on day `on`.

    They are all posts of theirs, and those that they substitute for by another post.
    `actors` are a user and everyone they substitute for.
    """
    theirs = [post for actor in actors for post in posts(conn, actor.id, on)]
    own = [post.id for post in theirs if (post.of or post.id) == (actors[0].of or actors[0].id)]
    lent = [
        u
        for who in own
        if who != actors[0].id
        for u in rows(conn, _SUBSTITUTED, User, who=who, on=on)
    ]
    return [*theirs, *lent]


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
    if not is_valid(person, on):
        raise ConflictError("user-ended", user=who, on=on)
    return [person, *rows(conn, _SUBSTITUTED, User, who=who, on=on)]
