"""What was published, who is registered, and where they are reached."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import TRANSIENT, Instant, Row, refers


class EditionRow(Row, table=True):
    """A plan as it was published: the whole text of the edition, and how far it was worked."""

    __tablename__ = "editions"
    __table_args__ = (
        sa.Index(
            "uq_editions_in_force",
            "plan",
            unique=True,
            sqlite_where=sa.text("in_force"),
            postgresql_where=sa.text("in_force"),
        ),
    )

    plan: str = Field(primary_key=True)
    edition: int = Field(primary_key=True)
    title: str
    digest: str
    document: str = Field(sa_type=sa.Text)
    issued_on: date
    starts_on: date
    ends_on: date
    workdays_version: str
    published_at: datetime = Field(sa_type=Instant)
    published_by: str
    in_force: bool
    is_demo: bool = False
    expanded_through: date | None = Field(default=None, sa_column_kwargs=TRANSIENT)
    swept_through: date | None = Field(default=None, sa_column_kwargs=TRANSIENT)


class AgencyRow(Row, table=True):
    """An agency of any plan; `host` is the agency whose unit it is."""

    __tablename__ = "agencies"
    __table_args__ = (refers("agencies", "host"),)

    id: str = Field(primary_key=True)
    name: str
    kind: str
    host: str | None = None


class ContactRow(Row, table=True):
    """Where a position of an agency is reached by one channel."""

    __tablename__ = "contacts"
    __table_args__ = (refers("agencies", "agency"),)

    agency: str = Field(primary_key=True)
    position: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    address: str
