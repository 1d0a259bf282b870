"""Exchange between offices: trusted peers, bundles and duties handed down."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import sqlalchemy as sa
from sqlmodel import Field

from catalog.offices.bundle import State
from ledger.tables.base import Instant, Row, refers

Way = Literal["in", "out"]


class Peer(Row):
    """Another office under the name used here, and its public key.

    `told` and `digest` are the number and digest of the last report sent to it; `heard` and
    `heard_on` are those of the last report from it.
    """

    id: str = Field(primary_key=True)
    key: str
    fingerprint: str = Field(sa_type=sa.String(32))
    trusted_on: date
    trusted_by: str
    ended_on: date | None = None
    told: int = 0
    digest: str | None = None
    heard: int = 0
    heard_on: date | None = None


class PeerTable(Peer, table=True):
    """The table `peers`."""

    __tablename__ = "peers"


class BundleBase(Row):
    """Duties handed down in one signed file, sent (`way` out) or received (in).

    A received one waits until it is taken over, into a measure of a plan, or declined.
    """

    id: str = Field(primary_key=True)
    way: Way = Field(sa_type=sa.String)
    peer: str
    at: datetime = Field(sa_type=Instant)
    document: str = Field(sa_type=sa.Text)
    state: State | Literal["sent"] = Field(sa_type=sa.String)
    came_on: date
    came_by: str
    decided_on: date | None = None
    decided_by: str | None = None
    plan: str | None = None
    measure: str | None = None
    reason: str | None = Field(default=None, sa_type=sa.Text)


class BundleTable(BundleBase, table=True):
    """The table `bundles`."""

    __tablename__ = "bundles"
    __table_args__ = (refers("peers", "peer"), sa.Index(None, "way", "state"))


class HandedDutyBase(Row):
    """A duty handed down to an office, and the office's last report on it, as JSON."""

    duty: str = Field(primary_key=True)
    peer: str = Field(primary_key=True)
    bundle: str
    handed_on: date
    handed_by: str
    answer: str | None = Field(default=None, sa_type=sa.Text)
    answered_on: date | None = None


class HandedDutyTable(HandedDutyBase, table=True):
    """The table `handed`."""

    __tablename__ = "handed"
    __table_args__ = (
        refers("duties", "duty"),
        refers("peers", "peer"),
        refers("bundles", "bundle"),
    )
