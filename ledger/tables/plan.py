"""Published editions, drafts of plans, agencies, their contacts, and working days.

A draft is no fact before its plan is published, so all its columns are leases; publishing records
its steps.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from catalog.plans.contents import AgencyKind
from ledger.tables.base import Instant, Names, Row, lease, refers


class EditionBase(Row):
    """A plan as published, as the API shows it."""

    plan: str = Field(primary_key=True)
    edition: int = Field(primary_key=True)
    title: str
    issued_on: date
    starts_on: date
    ends_on: date


class Edition(EditionBase):
    """A plan as published: the full text of the edition, and the progress of its sweeps.

    `start_on` is the day from which the ladder speaks, None in ledgers from before it was recorded:
    there it is the issue day. `slips_held` counts the slips that wait for a person's word.
    """

    digest: str
    document: str = Field(sa_type=sa.Text)
    workdays_version: str
    published_at: datetime = Field(sa_type=Instant)
    published_by: str
    in_force: bool
    is_demo: bool = False
    start_on: date | None = None
    slips_held: int = 0
    expanded_through: date | None = lease(default=None)
    swept_through: date | None = lease(default=None)


class EditionTable(Edition, table=True):
    """The table `editions`."""

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


class Agency(Row):
    """An agency; `aliases` are its other names, `host` is the agency whose unit it is."""

    id: str = Field(primary_key=True)
    name: str
    kind: AgencyKind = Field(sa_type=sa.String)
    host: str | None = None
    aliases: tuple[str, ...] = Field(default=(), sa_type=Names)


class AgencyTable(Agency, table=True):
    """The table `agencies`."""

    __tablename__ = "agencies"
    __table_args__ = (refers("agencies", "host"),)


class ContactTable(Row, table=True):
    """The addresses of a position of an agency by one channel, "" once they have ended."""

    __tablename__ = "contacts"
    __table_args__ = (refers("agencies", "agency"),)

    agency: str = Field(primary_key=True)
    position: str = Field(primary_key=True)
    channel: str = Field(primary_key=True)
    address: str


class PositionTable(Row, table=True):
    """The contact person of a position of an agency, and their telephone number."""

    __tablename__ = "positions"
    __table_args__ = (refers("agencies", "agency"),)

    agency: str = Field(primary_key=True)
    position: str = Field(primary_key=True)
    person: str
    telephone: str


class HolidayNoticeTable(Row, table=True):
    """The holiday notice of a year that this office recorded, in place of the one shipped.

    `off` are its stretches (`2027-01-01/2027-01-03`), `work` the weekend days worked instead.
    """

    __tablename__ = "holiday_notices"

    code: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    papers: tuple[str, ...] = Field(sa_type=Names)
    off: tuple[str, ...] = Field(sa_type=Names)
    work: tuple[str, ...] = Field(sa_type=Names)


class PlanDraft(Row):
    """A document with its `name`, text, day, and the `agencies` it is read with, as JSON."""

    id: str = Field(primary_key=True)
    name: str = lease()
    code: str = lease()
    text: str = lease(sa_type=sa.Text)
    digest: str = lease()
    agencies: str = lease(sa_type=sa.Text)
    read_on: date = lease()
    begun_by: str = lease()
    begun_at: datetime = lease(sa_type=Instant)
    ended_at: datetime | None = lease(sa_type=Instant, default=None)


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
    done_at: datetime = lease(sa_type=Instant)
