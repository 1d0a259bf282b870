"""What happens to a duty on its way: submissions, evidence, extensions, problems, moved dates."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Row, refers


class DueDateRow(Row, table=True):
    """A due date a duty had before it was moved, and why; the present one stands in `duties`."""

    __tablename__ = "due_dates"
    __table_args__ = (refers("duties", "duty"),)

    duty: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    due_on: date
    moved_on: date
    moved_by: str
    deed: str
    reason: str = Field(sa_type=sa.Text)
    document: str | None = None


class SubmissionRow(Row, table=True):
    """One filing of a duty, and what the lead and the office decided about it."""

    __tablename__ = "submissions"
    __table_args__ = (refers("duties", "duty"), sa.UniqueConstraint("duty", "number"))

    id: str = Field(primary_key=True)
    duty: str
    number: int
    filed_on: date
    filed_by: str
    summary: str = Field(sa_type=sa.Text)
    returned_on: date | None = None
    returned_by: str | None = None
    reason: str | None = Field(default=None, sa_type=sa.Text)
    accepted_on: date | None = None
    accepted_by: str | None = None


class EvidenceRow(Row, table=True):
    """One file that proves something: named here by its hash, kept outside the database."""

    __tablename__ = "evidence"
    __table_args__ = (
        refers("duties", "duty"),
        refers("submissions", "submission"),
        refers("items", "item"),
        sa.Index(None, "duty"),
        sa.Index(None, "sha256"),
    )

    id: str = Field(primary_key=True)
    duty: str
    submission: str | None = None
    item: str | None = None
    kind: str
    name: str
    media_type: str
    size: int
    sha256: str = Field(sa_type=sa.String(64))


class ExtensionRow(Row, table=True):
    """A request for another due date, and its decision; `outcome` None while it waits."""

    __tablename__ = "extensions"
    __table_args__ = (refers("duties", "duty"), sa.UniqueConstraint("duty", "number"))

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


class ProblemRow(Row, table=True):
    """A problem brought to the office (問題反映), and the answer."""

    __tablename__ = "problems"
    __table_args__ = (refers("duties", "duty"), sa.UniqueConstraint("duty", "number"))

    id: str = Field(primary_key=True)
    duty: str
    number: int
    raised_on: date
    raised_by: str
    text: str = Field(sa_type=sa.Text)
    answered_on: date | None = None
    answered_by: str | None = None
    answer: str | None = Field(default=None, sa_type=sa.Text)


class RemarkRow(Row, table=True):
    """Something said about a duty: progress by who does it, a comment by whom it concerns."""

    __tablename__ = "remarks"
    __table_args__ = (refers("duties", "duty"), sa.Index(None, "duty"))

    id: str = Field(primary_key=True)
    duty: str
    number: int
    kind: str
    said_on: date
    said_by: str
    text: str = Field(sa_type=sa.Text)


class SlipRow(Row, table=True):
    """A released slip (督辦單): its number in the register of the year, and its words as sent."""

    __tablename__ = "slips"
    __table_args__ = (refers("messages", "message"), sa.UniqueConstraint("plan", "year", "serial"))

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


class ReadingRow(Row, table=True):
    """What an indicator stood at in a year, as reported; a correction is a reading of its own."""

    __tablename__ = "readings"
    __table_args__ = (
        refers("duties", "duty"),
        sa.UniqueConstraint("plan", "target", "year", "number"),
    )

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
