"""The dated duties and the facts of their lives."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import TRANSIENT, Instant, Names, Row, refers

_REVIEW = sa.text("filed_on IS NOT NULL AND closed_on IS NULL AND waived_on IS NULL")


class DutyRow(Row, table=True):
    """One dated duty: what was stamped at its creation, then the facts of its life."""

    __tablename__ = "duties"
    __table_args__ = (
        refers("editions", "plan", "edition"),
        refers("agencies", "lead"),
        refers("agencies", "performer"),
        sa.Index("ix_duties_look", "plan", "look_on", "key"),
        sa.Index("ix_duties_prepare", "plan", "kind", "prepare_on"),
        sa.Index(None, "plan", "measure"),
        sa.Index(None, "lead"),
        sa.Index(None, "performer"),
        sa.Index(None, "due_on", "key"),
        sa.Index(
            "ix_duties_filed", "due_on", "key", sqlite_where=_REVIEW, postgresql_where=_REVIEW
        ),
    )

    key: str = Field(primary_key=True)
    plan: str
    edition: int
    measure: str
    obligation: str
    kind: str
    title: str
    party: str | None = None
    period: str
    lead: str
    performer: str
    participants: tuple[str, ...] = Field(default=(), sa_type=Names)
    basis: str
    opens_on: date
    due_on: date
    due_version: int = 1
    quota_min: int | None = None
    quota_max: int | None = None
    delivered: int = 0
    provisional: bool = False
    workdays_version: str
    ladder: str
    opened_on: date | None = None
    acknowledged_on: date | None = None
    filed_on: date | None = None
    returned_on: date | None = None
    accepted_on: date | None = None
    closed_on: date | None = None
    closed_as: str | None = None
    suspended_on: date | None = None
    waived_on: date | None = None
    refused_on: date | None = None
    filings: int = 0
    extensions: int = 0
    told_through: date | None = Field(default=None, sa_column_kwargs=TRANSIENT)
    look_on: date | None = Field(default=None, sa_column_kwargs=TRANSIENT)
    prepare_on: date | None = Field(default=None, sa_column_kwargs=TRANSIENT)


class ItemRow(Row, table=True):
    """One delivery of a quota: a meeting held, an event run."""

    __tablename__ = "items"
    __table_args__ = (refers("duties", "duty"), sa.Index(None, "duty"))

    id: str = Field(primary_key=True)
    duty: str
    held_on: date
    place: str
    title: str
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str
