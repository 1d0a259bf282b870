"""Entries of the completion history, and the anchors that left the database."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Row, lease


class EntryTable(Row, table=True):
    """One entry of the history; triggers refuse to change or delete it."""

    __tablename__ = "entries"
    __table_args__ = (sa.Index(None, "subject", "seq"),)

    seq: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: str = Field(sa_type=sa.String(20))
    actor: str
    deed: str
    subject: str
    payload: str = Field(sa_type=sa.Text)
    prev: str = Field(sa_type=sa.String(64))
    hash: str = Field(sa_type=sa.String(64))
    format: int  # of `ledger.proof.verify.BODIES`


class AnchorTable(Row, table=True):
    """An anchor that is on file outside the database; a file that lacks it was cut."""

    __tablename__ = "anchors"

    entries: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    on: date = lease()
    head: str = lease(sa_type=sa.String(64))
