"""Duties: the dated instances and the facts of their lives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa
from sqlmodel import Field

from catalog.plans.contents import Basis, Kind
from ledger.tables.base import Instant, Names, Row, lease, refers

_LIVE = "closed_on IS NULL AND waived_on IS NULL AND past_on IS NULL"
_REVIEW = f"filed_on IS NOT NULL AND {_LIVE}"
_QUOTA = f"quota_min IS NOT NULL AND {_LIVE}"
# Columns for the standing and the filters of the desk: served from the index alone.
_FACTS = (
    "due_on", "key", "plan", "measure", "lead", "performer", "kind", "opens_on",
    "acknowledged_on", "filed_on", "returned_on", "closed_on", "closed_as", "suspended_on",
    "waived_on", "quota_min", "delivered", "covers_from", "covers_until", "extensions",
    "done_on", "past_on",
)  # fmt: skip
_QUOTAS = (
    "due_on", "opens_on", "quota_min", "delivered", "covers_from", "covers_until", "extensions",
)  # fmt: skip
_OTHER_FACTS = tuple(name for name in _FACTS if name != "filed_on")
_WORDS = ("spoken_on", "opens_on", "asked_on")
_OTHERS = tuple(name for name in _FACTS if name != "opens_on")


def _of_those(name: str, condition: str, *columns: str) -> sa.Index:
    """Return an index of the rows that meet `condition`."""
    where = sa.text(condition)
    return sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)


class DutyBase(Row):
    """Identity and dates of a duty, as the API shows them.

    The days of the period that a recurring duty covers are none for one that does not recur, and
    for one of a ledger from before they were recorded: it covers the days from opening to due date.
    """

    key: str = Field(primary_key=True)
    plan: str
    measure: str
    obligation: str
    kind: Kind = Field(sa_type=sa.String)
    title: str
    period: str
    lead: str
    performer: str
    participants: tuple[str, ...] = Field(default=(), sa_type=Names)
    opens_on: date
    due_on: date
    covers_from: date | None = None
    covers_until: date | None = None
    due_version: int = 1
    quota_min: int | None = None
    quota_max: int | None = None
    delivered: int = 0
    basis: Basis = Field(sa_type=sa.String)


class Duty(DutyBase):
    """One dated duty: the values stamped at its creation, then the facts of its life.

    A meeting may be planned for a day and a place; one without a quota was held on a day, the items
    of a quota have days of their own. `done_on` is the day of doing that the office accepted;
    `past_on` is the day the ledger starts, of a duty that was due before it.
    """

    edition: int
    party: str | None = None
    provisional: bool = False
    workdays_version: str
    ladder: str
    opened_on: date | None = None
    acknowledged_on: date | None = None
    filed_on: date | None = None
    returned_on: date | None = None
    accepted_on: date | None = None
    closed_on: date | None = None
    closed_as: Literal["done", "not-done"] | None = Field(default=None, sa_type=sa.String)
    suspended_on: date | None = None
    waived_on: date | None = None
    done_on: date | None = None
    past_on: date | None = None
    refused_on: date | None = None
    spoken_on: date | None = None
    asked_on: date | None = None
    filings: int = 0
    extensions: int = 0
    told_through: date | None = lease(default=None)
    planned_on: date | None = None
    planned_place: str | None = None
    held_on: date | None = None
    look_on: date | None = lease(default=None)
    prepare_on: date | None = lease(default=None)

    @property
    def finished_on(self) -> date | None:
        """The day by which it was in time or late (`catalog.duties.standing.Facts`)."""
        return self.done_on or self.filed_on or self.closed_on


class DutyTable(Duty, table=True):
    """The table `duties`."""

    __tablename__ = "duties"
    __table_args__ = (
        refers("editions", "plan", "edition"),
        refers("agencies", "lead"),
        refers("agencies", "performer"),
        sa.Index("ix_duties_look", "plan", "look_on", "key"),
        sa.Index("ix_duties_prepare", "plan", "kind", "prepare_on"),
        sa.Index(None, "plan", "measure", "due_on", "opens_on"),
        sa.Index(None, "lead", "due_on", "performer"),
        sa.Index(None, "performer", "due_on"),
        sa.Index(None, "participants"),
        sa.Index(None, "title"),
        sa.Index("ix_duties_facts", *_FACTS),
        _of_those("ix_duties_live", _LIVE, *_FACTS),
        _of_those("ix_duties_spoken", _LIVE, *_WORDS, *_OTHERS),
        _of_those("ix_duties_filed", _REVIEW, "filed_on", *_OTHER_FACTS, "accepted_on"),
        _of_those("ix_duties_quota", _QUOTA, *_QUOTAS),
        _of_those("ix_duties_closed", "closed_on IS NOT NULL", "closed_on", "filed_on", "done_on"),
        _of_those("ix_duties_planned", "planned_on IS NOT NULL", "planned_on"),
        _of_those("ix_duties_waived", "waived_on IS NOT NULL", "waived_on"),
        _of_those("ix_duties_past", "past_on IS NOT NULL", "plan", "due_on"),
    )


class Item(Row):
    """One delivery of a quota."""

    id: str = Field(primary_key=True)
    duty: str
    held_on: date
    place: str
    title: str
    recorded_at: datetime = Field(sa_type=Instant)
    recorded_by: str


class ItemTable(Item, table=True):
    """The table `items`."""

    __tablename__ = "items"
    __table_args__ = (refers("duties", "duty"), sa.Index(None, "duty"))
