"""Drafts of plans: a document that is read, and what people have said about each phrase of it.

Until it is published nothing of it is a fact: all is a lease. Publishing records who said what.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import TRANSIENT, Instant, Row, refers


def _lease(kind: Any = sa.String, **more: Any) -> Any:
    return Field(sa_type=kind, sa_column_kwargs=TRANSIENT, **more)


class PlanDraftRow(Row, table=True):
    """A document under its `name`: its text, the `agencies` it is read with as JSON, the day."""

    __tablename__ = "plan_drafts"
    __table_args__ = (refers("users", "begun_by"),)

    id: str = Field(primary_key=True)
    name: str = _lease()
    code: str = _lease()
    text: str = _lease(sa.Text)
    digest: str = _lease()
    agencies: str = _lease(sa.Text)
    read_on: dt.date = _lease(sa.Date)
    begun_by: str = _lease()
    begun_at: dt.datetime = _lease(Instant)
    ended_at: dt.datetime | None = _lease(Instant, default=None, nullable=True)


class PlanStepRow(Row, table=True):
    """One thing a person said about a draft, in order; `fields` as JSON."""

    __tablename__ = "plan_steps"
    __table_args__ = (refers("plan_drafts", "draft"), refers("users", "user"))

    draft: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    deed: str = _lease()
    about: str = _lease()
    fields: str = _lease(sa.Text)
    user: str = _lease()
    done_at: dt.datetime = _lease(Instant)
