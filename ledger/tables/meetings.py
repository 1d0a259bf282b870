"""Plannings of meetings and events, and the answers of those who are invited."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Instant, Names, Row, refers


class Planning(Row):
    """One planning of a meeting or an event; the last one of a duty counts.

    `meeting` counts those of a quota, from 1. Times are `09:30` in the plan's zone; without a
    beginning it lasts whole days. `participants` are agencies beside those of the duty, `host` is
    the agency that planned it. One that was called off has a `reason`.
    """

    duty: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    meeting: int
    planned_on: date
    ends_on: date
    starts_at: str | None = None
    ends_at: str | None = None
    place: str | None = None
    chair: str | None = None
    participants: tuple[str, ...] = Field(default=(), sa_type=Names)
    tentative: bool = False
    note: str | None = Field(default=None, sa_type=sa.Text)
    called_off: bool = False
    reason: str | None = Field(default=None, sa_type=sa.Text)
    uid: str
    host: str
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str


class PlanningTable(Planning, table=True):
    """The table `plannings`."""

    __tablename__ = "plannings"
    __table_args__ = (
        refers("duties", "duty"),
        refers("agencies", "host"),
        sa.Index(None, "uid"),
        sa.Index(None, "planned_on"),
    )


class MeetingAnswer(Row):
    """One answer of an invited position to a planning; its last answer to one counts."""

    id: str = Field(primary_key=True)
    duty: str
    number: int
    planning: int
    agency: str
    position: str
    answer: str
    text: str | None = Field(default=None, sa_type=sa.Text)
    answered_at: datetime = Field(sa_type=Instant)
    answered_by: str


class MeetingAnswerTable(MeetingAnswer, table=True):
    """The table `meeting_answers`."""

    __tablename__ = "meeting_answers"
    __table_args__ = (
        refers("duties", "duty"),
        refers("agencies", "agency"),
        sa.UniqueConstraint("duty", "number"),
    )
