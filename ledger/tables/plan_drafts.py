"""Drafts of plans: documents being read, and the steps people record on their phrases.

No fact before the plan is published, so all columns are leases; publishing records the steps.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Instant, Row, lease, refers


class PlanDraft(Row):
    """A document with its `name`, text, day, and the `agencies` it is read with, as JSON."""

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
    """One step recorded on a draft, in order; `fields` as JSON."""

    __tablename__ = "plan_steps"
    __table_args__ = (refers("plan_drafts", "draft"), refers("users", "user"))

    draft: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    deed: str = lease()
    about: str = lease()
    fields: str = lease(sa_type=sa.Text)
    user: str = lease()
    done_at: dt.datetime = lease(sa_type=Instant)
