"""Trackers that people are bringing in, each of them their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from catalog.errors import ConflictError, NotFoundError
from ledger.store.changes import Change
from ledger.store.rows import first, rows
from ledger.tables import TABLES
from ledger.tables.trackers import TrackerUpload

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from ledger.session import Transaction

__all__ = ["TrackerUpload"]

UPLOADS = TABLES["tracker_uploads"]
MOST = 8  # open ones of a person


def open_of(conn: sa.Connection, user: str) -> list[TrackerUpload]:
    """Return the trackers that `user` has under way, the last begun first."""
    query = sa.select(UPLOADS).where(UPLOADS.c.user == user, UPLOADS.c.ended_at.is_(None))
    return rows(conn, query.order_by(UPLOADS.c.begun_at.desc(), UPLOADS.c.id), TrackerUpload)


def one(conn: sa.Connection, upload: str, user: str) -> TrackerUpload:
    """Return a tracker of `user`, ended or not; raises NotFoundError."""
    query = sa.select(UPLOADS).where(UPLOADS.c.id == upload, UPLOADS.c.user == user)
    row = first(conn, query, TrackerUpload)
    if row is None:
        raise NotFoundError("upload-unknown")
    return row


def begin(tx: Transaction, upload: TrackerUpload, *, stale: dt.datetime) -> None:
    """Save a new one and delete those that ended before `stale`.

    Raises ConflictError where the person has MOST under way.
    """
    if len(open_of(tx.conn, upload.user)) >= MOST:
        raise ConflictError("uploads-full", most=MOST)
    tx.conn.execute(sa.delete(UPLOADS).where(UPLOADS.c.ended_at < stale))
    values = upload.model_dump()
    tx.lease([Change("tracker_uploads", values.pop("id"), values, "insert")])


def save(tx: Transaction, upload: str, values: Mapping[str, str]) -> None:
    """Save the use, the mapping or the answers of one under way."""
    tx.lease([Change("tracker_uploads", upload, dict(values), expected={"ended_at": None})])


def end(tx: Transaction, upload: str, at: dt.datetime, *, receipt: str = "") -> None:
    """End one that was taken, with its `receipt`, or dropped; its sheets are deleted."""
    values = {"ended_at": at, "receipt": receipt, "sheets": "", "answers": "{}"}
    tx.lease([Change("tracker_uploads", upload, values, expected={"ended_at": None})])
