"""Reports of an office: circulars, scorecards, tidings, and the figures of localities."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Row, refers


class CircularBase(Row):
    """A circular (通報): its frozen figures, its text, and its number once released.

    `data` is canonical JSON of the figures after the first `entries` entries of the history, which
    end in `head`; `words` are JSON too, and may be edited until the release.
    """

    id: str = Field(primary_key=True)
    plan: str
    span: str
    on: date
    data: str = Field(sa_type=sa.Text)
    entries: int
    head: str = Field(sa_type=sa.String(64))
    language: str
    words: str = Field(sa_type=sa.Text)
    drafted_on: date
    drafted_by: str
    year: int | None = None
    serial: int | None = None
    number: str | None = None
    released_on: date | None = None
    released_by: str | None = None


class CircularTable(CircularBase, table=True):
    """The table `circulars`."""

    __tablename__ = "circulars"
    __table_args__ = (
        sa.UniqueConstraint("plan", "span"),
        sa.UniqueConstraint("plan", "year", "serial"),
    )


class Tiding(Row):
    """A line in a recipient's digest that is about no duty: of a circular or a scorecard."""

    id: str = Field(primary_key=True)
    kind: str
    subject: str
    recipient: str
    channel: str
    on: date
    message: str
    superseded_on: date | None = None  # the day its letter left without it


class TidingTable(Tiding, table=True):
    """The table `tidings`."""

    __tablename__ = "tidings"
    __table_args__ = (
        refers("messages", "message"),
        sa.UniqueConstraint("kind", "subject", "recipient", "channel"),
        sa.Index(None, "message"),
    )


class CardBase(Row):
    """An announced scorecard (考核): a frozen year, open to objection for a time.

    `data` is canonical JSON as that of a circular.
    """

    id: str = Field(primary_key=True)
    plan: str
    year: int
    agency: str
    on: date
    data: str = Field(sa_type=sa.Text)
    entries: int
    head: str = Field(sa_type=sa.String(64))
    announced_on: date
    announced_by: str
    objections_until: date


class CardTable(CardBase, table=True):
    """The table `cards`."""

    __tablename__ = "cards"
    __table_args__ = (refers("agencies", "agency"), sa.UniqueConstraint("plan", "year", "agency"))


class Objection(Row):
    """An agency's objection to its scorecard, and the office's decision."""

    id: str = Field(primary_key=True)
    card: str
    number: int
    duty: str
    text: str = Field(sa_type=sa.Text)
    raised_on: date
    raised_by: str
    decided_on: date | None = None
    decided_by: str | None = None
    outcome: str | None = None
    answer: str | None = Field(default=None, sa_type=sa.Text)


class ObjectionTable(Objection, table=True):
    """The table `objections`."""

    __tablename__ = "objections"
    __table_args__ = (
        refers("cards", "card"),
        refers("duties", "duty"),
        sa.UniqueConstraint("card", "number"),
    )


class Share(Row):
    """A party's part of a target in a year, decided after publication; the last number counts.

    `party` is the agency as the plan names it, `duty` the yearly duty that handed it out, `reason`
    the reason for shares that fall short of the target's course.
    """

    id: str = Field(primary_key=True)
    plan: str
    target: str
    year: int
    party: str
    number: int
    value: str
    weight: str
    duty: str
    reason: str = Field(sa_type=sa.Text)
    decided_on: date
    decided_by: str


class ShareTable(Share, table=True):
    """The table `shares`."""

    __tablename__ = "shares"
    __table_args__ = (
        refers("duties", "duty"),
        sa.UniqueConstraint("plan", "target", "year", "party", "number"),
    )


class IndicatorValue(Row):
    """A locality's figure of an indicator for a year; a correction is a value of its own."""

    id: str = Field(primary_key=True)
    plan: str
    indicator: str
    year: int
    agency: str
    number: int
    value: str
    source: str = Field(sa_type=sa.Text)
    reported_on: date
    reported_by: str


class IndicatorValueTable(IndicatorValue, table=True):
    """The table `indicator_values`."""

    __tablename__ = "indicator_values"
    __table_args__ = (
        refers("agencies", "agency"),
        sa.UniqueConstraint("plan", "indicator", "year", "agency", "number"),
    )


class Reward(Row):
    """A reward of a locality for its place in a year's evaluation, with its document."""

    id: str = Field(primary_key=True)
    plan: str
    year: int
    number: int
    agency: str
    text: str = Field(sa_type=sa.Text)
    document: str
    recorded_on: date
    recorded_by: str


class RewardTable(Reward, table=True):
    """The table `rewards`."""

    __tablename__ = "rewards"
    __table_args__ = (refers("agencies", "agency"), sa.UniqueConstraint("plan", "year", "number"))
