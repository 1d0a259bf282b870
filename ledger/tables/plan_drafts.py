"""Drafts of plans: a document that is read, and what people have said about each phrase of it.

Until it is published nothing of it is a fact: all is a lease. Publishing records who said what.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Instant, Row, lease, refers


class PlanDraft(Row):
    """A document under its `name`: its text, the `agencies` it is read with as JSON, the day."""

    id: str = Field(primary_key=True)
    name: str = lease()
    code: str = lease()
    text: str = lease(sa_type=sa.Text)
    digest: str = lease()
    agencies: str = lease(sa_type=sa.Text)
    read_on: dt.date = lease()
    begun_by: str = lease()
    begun_at: dt.datetime = lease(sa_type=Instant)
    ended_at: dt.datetime | None = lease(sa_type=Instant, default=None)


class PlanDraftTable(PlanDraft, table=True):
    """The table `plan_drafts`."""

    __tablename__ = "plan_drafts"
    __table_args__ = (refers("users", "begun_by"),)


class PlanStepTable(Row, table=True):
    """One thing a person said about a draft, in order; `fields` as JSON."""

    __tablename__ = "plan_steps"
    __table_args__ = (refers("plan_drafts", "draft"), refers("users", "user"))

    draft: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    deed: str = lease()
    about: str = lease()
    fields: str = lease(sa_type=sa.Text)
    user: str = lease()
    done_at: dt.datetime = lease(sa_type=Instant)
