"""Life of a duty: due dates, filings, requests, problems, remarks, slips, meetings and figures."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Instant, Names, Row, refers


class DueDate(Row):
    """A due date the duty had before."""

    duty: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    due_on: date
    moved_on: date
    moved_by: str
    deed: str
    reason: str = Field(sa_type=sa.Text)
    document: str | None = None


class DueDateTable(DueDate, table=True):
    """The table `due_dates`."""

    __tablename__ = "due_dates"
    __table_args__ = (refers("duties", "duty"),)


class Submission(Row):
    """One filing, and the decision on it.

    `done_on` is the day on which the work was done, as the filing says.
    `agency` is whose it is where the office recorded it, and `source` the file or letter it came
    in; both are null where the agency filed it itself. Problems and remarks have the same columns.
    """

    id: str = Field(primary_key=True)
    duty: str
    number: int
    filed_on: date
    filed_by: str
    done_on: date | None = None
    summary: str = Field(sa_type=sa.Text)
    returned_on: date | None = None
    returned_by: str | None = None
    reason: str | None = Field(default=None, sa_type=sa.Text)
    accepted_on: date | None = None
    accepted_by: str | None = None
    agency: str | None = None
    source: str | None = None


class SubmissionTable(Submission, table=True):
    """The table `submissions`."""

    __tablename__ = "submissions"
    __table_args__ = (refers("duties", "duty"), sa.UniqueConstraint("duty", "number"))


class Evidence(Row):
    """One file that proves a filing or a delivery; `sha256` names it for the download."""

    id: str = Field(primary_key=True)
    duty: str
    submission: str | None = None
    item: str | None = None
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str = Field(sa_type=sa.String(64))


class EvidenceTable(Evidence, table=True):
    """The table `evidence`."""

    __tablename__ = "evidence"
    __table_args__ = (
        refers("duties", "duty"),
        refers("submissions", "submission"),
        refers("items", "item"),
        sa.Index(None, "duty"),
        sa.Index(None, "sha256"),
    )


class Extension(Row):
    """A request for an extension; `outcome` is null until it is decided."""

    id: str = Field(primary_key=True)
    duty: str
    number: int
    asked_on: date
    asked_by: str
    asked_to: date
    reason: str = Field(sa_type=sa.Text)
    decided_on: date | None = None
    decided_by: str | None = None
    outcome: str | None = None
    granted_to: date | None = None
    answer: str | None = Field(default=None, sa_type=sa.Text)


class ExtensionTable(Extension, table=True):
    """The table `extensions`."""

    __tablename__ = "extensions"
    __table_args__ = (refers("duties", "duty"), sa.UniqueConstraint("duty", "number"))


class Problem(Row):
    """A problem reported to the office; `answer` is null while there is none."""

    id: str = Field(primary_key=True)
    duty: str
    number: int
    raised_on: date
    raised_by: str
    text: str = Field(sa_type=sa.Text)
    answered_on: date | None = None
    answered_by: str | None = None
    answer: str | None = Field(default=None, sa_type=sa.Text)
    agency: str | None = None
    source: str | None = None


class ProblemTable(Problem, table=True):
    """The table `problems`."""

    __tablename__ = "problems"
    __table_args__ = (refers("duties", "duty"), sa.UniqueConstraint("duty", "number"))


class PlanProblem(Row):
    """A problem reported to the office about the plan as a whole; `agency` is whose it is."""

    id: str = Field(primary_key=True)
    plan: str
    number: int
    agency: str
    raised_on: date
    raised_by: str
    text: str = Field(sa_type=sa.Text)
    answered_on: date | None = None
    answered_by: str | None = None
    answer: str | None = Field(default=None, sa_type=sa.Text)


class PlanProblemTable(PlanProblem, table=True):
    """The table `plan_problems`."""

    __tablename__ = "plan_problems"
    __table_args__ = (refers("agencies", "agency"), sa.UniqueConstraint("plan", "number"))


class Remark(Row):
    """Progress reported, or a comment."""

    id: str = Field(primary_key=True)
    duty: str
    number: int
    kind: str
    said_on: date
    said_by: str
    text: str = Field(sa_type=sa.Text)
    agency: str | None = None
    source: str | None = None


class RemarkTable(Remark, table=True):
    """The table `remarks`."""

    __tablename__ = "remarks"
    __table_args__ = (refers("duties", "duty"), sa.Index(None, "duty"))


class Slip(Row):
    """A released slip (督辦單): its number in the year's register, and its text as sent."""

    message: str = Field(primary_key=True)
    duty: str
    plan: str
    year: int
    serial: int
    number: str
    released_on: date
    released_by: str
    subject: str
    body: str = Field(sa_type=sa.Text)


class SlipTable(Slip, table=True):
    """The table `slips`."""

    __tablename__ = "slips"
    __table_args__ = (refers("messages", "message"), sa.UniqueConstraint("plan", "year", "serial"))


class Reading(Row):
    """A target's reported figure for a year; a correction is a reading of its own."""

    id: str = Field(primary_key=True)
    plan: str
    target: str
    year: int
    number: int
    duty: str
    value: str
    source: str = Field(sa_type=sa.Text)
    reported_on: date
    reported_by: str


class ReadingTable(Reading, table=True):
    """The table `readings`."""

    __tablename__ = "readings"
    __table_args__ = (
        refers("duties", "duty"),
        sa.UniqueConstraint("plan", "target", "year", "number"),
    )


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
