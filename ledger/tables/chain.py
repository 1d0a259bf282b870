"""Entries of the completion history."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Row


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
