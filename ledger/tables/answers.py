"""What a system was answered, so that the same request again is not a second deed."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import TRANSIENT, Row, refers


def _lease(kind: Any = sa.String, **more: Any) -> Any:
    return Field(sa_type=kind, sa_column_kwargs=TRANSIENT, **more)


class AnswerRow(Row, table=True):
    """The hash of a user's idempotency key and of what it asked; `status` None while it is done."""

    __tablename__ = "answers"
    __table_args__ = (refers("users", "user"),)

    id: str = Field(primary_key=True)
    user: str = _lease()
    asked: str = _lease()
    asked_on: date = _lease(sa.Date)
    status: int | None = _lease(sa.Integer, default=None, nullable=True)
    answer: str | None = _lease(sa.Text, default=None, nullable=True)
