"""Assignments: the sources of duties beside the plan."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Names, Row, refers


class Assignment(Row):
    """The document or meeting on which a duty beside the plan rests, and who assigned it.

    Of one that recurs, `duty` is the first; the others are of the same obligation. `number` counts
    those of a plan. `document` and `dated_on` are the number and the day of the source, `meeting`
    is the key of the meeting that decided it. Without `evidence` a filing brings what its kind asks
    for.
    """

    duty: str = Field(primary_key=True)
    plan: str
    number: int
    source: str = Field(sa_type=sa.Text)
    document: str | None = None
    dated_on: date | None = None
    meeting: str | None = None
    evidence: tuple[str, ...] = Field(default=(), sa_type=Names)
    assigned_on: date
    assigned_by: str


class AssignmentTable(Assignment, table=True):
    """The table `assignments`."""

    __tablename__ = "assignments"
    __table_args__ = (
        refers("duties", "duty"),
        refers("duties", "meeting"),
        sa.UniqueConstraint("plan", "number"),
        sa.Index(None, "meeting"),
    )
