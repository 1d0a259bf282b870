"""Saved views and drafts of a user, and answers to requests that may be repeated.

They are no facts of a plan and stay out of the history: all columns are leases.
"""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Instant, Row, lease, refers


class ViewTable(Row, table=True):
    """A saved view: its name, and its filters as a query string."""

    __tablename__ = "views"
    __table_args__ = (refers("users", "user"), sa.Index(None, "user"))

    id: str = Field(primary_key=True)
    user: str = lease()
    name: str = lease()
    query: str = lease(sa_type=sa.Text)
    ended_at: datetime | None = lease(sa_type=Instant, default=None)


class DraftTable(Row, table=True):
    """Text entered into the form of a deed and not sent; `fields` as a JSON object."""

    __tablename__ = "drafts"
    __table_args__ = (
        refers("users", "user"),
        refers("duties", "duty"),
        sa.Index(None, "user"),
    )

    id: str = Field(primary_key=True)
    user: str = lease()
    duty: str = lease()
    deed: str = lease()
    fields: str = lease(sa_type=sa.Text)
    saved_at: datetime = lease(sa_type=Instant)
    ended_at: datetime | None = lease(sa_type=Instant, default=None)


class Answer(Row):
    """The hashes of a user's idempotency key and request; `status` is None while it runs."""

    id: str = Field(primary_key=True)
    user: str = lease()
    asked: str = lease()
    asked_on: date = lease()
    status: int | None = lease(default=None)
    answer: str | None = lease(sa_type=sa.Text, default=None)


class AnswerTable(Answer, table=True):
    """The table `answers`."""

    __tablename__ = "answers"
    __table_args__ = (refers("users", "user"),)
