"""Users, their substitutes, the successions of agencies, and the bodies of open groups."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from catalog.role_names import UserRole
from ledger.tables.base import Names, Row, refers


class User(Row):
    """A login of a person: their agency, role, first and last day, and own mail address.

    `of` is the person's first login, where this is a further post of theirs: they sign in once.
    """

    id: str = Field(primary_key=True)
    name: str
    agency: str
    role: UserRole = Field(sa_type=sa.String)
    since: date
    until: date | None = None
    mail: str | None = None
    of: str | None = None


class UserTable(User, table=True):
    """The table `users`."""

    __tablename__ = "users"
    __table_args__ = (refers("agencies", "agency"), sa.Index(None, "agency"), sa.Index(None, "of"))


class Delegation(Row):
    """A substitution: `substitute` may do what `user` may, from `since` to `until`."""

    id: str = Field(primary_key=True)
    user: str
    substitute: str
    since: date
    until: date


class DelegationTable(Delegation, table=True):
    """The table `delegations`."""

    __tablename__ = "delegations"
    __table_args__ = (refers("users", "user"), refers("users", "substitute"))


class SuccessionTable(Row, table=True):
    """A change of an agency on a day: renamed, merged, split, function moved or closed."""

    __tablename__ = "successions"
    __table_args__ = (refers("agencies", "agency"), refers("agencies", "successor"))

    id: str = Field(primary_key=True)
    kind: str
    agency: str
    successor: str | None = None
    on: date
    document: str
    measures: str
    former_name: str


class NamingTable(Row, table=True):
    """The bodies that an open group of a plan stands for, in one measure or in all (empty)."""

    __tablename__ = "namings"
    __table_args__ = (refers("agencies", "agency"),)

    id: str = Field(primary_key=True)
    plan: str
    agency: str
    measure: str
    members: tuple[str, ...] = Field(sa_type=Names)
    on: date
    document: str
