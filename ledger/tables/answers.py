"""Answers to requests with an idempotency key, so that a repeated request is no second deed."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Row, lease, refers


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
