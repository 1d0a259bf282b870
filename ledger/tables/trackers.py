"""Mappings of trackers that are kept for their form, and the trackers under way of each person.

They are no facts of a plan: all columns are leases. What a tracker became stands in the history.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Instant, Row, lease, refers


class KeptMapping(Row):
    """The roles of a form's columns, as JSON; `id` is the fingerprint of its heads.

    `offset` counts the rows from the guessed heads to those that a person chose.
    """

    id: str = Field(primary_key=True)
    columns: str = lease(sa_type=sa.Text)
    offset: int = lease()
    height: int = lease()
    saved_by: str = lease()
    saved_at: datetime = lease(sa_type=Instant)


class KeptMappingTable(KeptMapping, table=True):
    """The table `mappings`."""

    __tablename__ = "mappings"
    __table_args__ = (refers("users", "saved_by"),)


class TrackerUpload(Row):
    """A tracker that a person is bringing in: the file's sheets, its mapping and the answers.

    `sheets` are packed text (`tasks/trackers/uses/packing.py`) and empty once it has ended;
    `mapping`, `answers` and, of one that was taken, the `receipt` are JSON.
    """

    id: str = Field(primary_key=True)
    user: str = lease()
    plan: str = lease()
    use: str = lease()
    name: str = lease()
    sha256: str = lease(sa_type=sa.String(64))
    sheets: str = lease(sa_type=sa.Text)
    mapping: str = lease(sa_type=sa.Text)
    answers: str = lease(sa_type=sa.Text)
    receipt: str = lease(sa_type=sa.Text)
    begun_at: datetime = lease(sa_type=Instant)
    ended_at: datetime | None = lease(sa_type=Instant, default=None)


class TrackerUploadTable(TrackerUpload, table=True):
    """The table `tracker_uploads`."""

    __tablename__ = "tracker_uploads"
    __table_args__ = (refers("users", "user"), sa.Index(None, "user"))
