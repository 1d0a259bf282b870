"""What a person keeps for itself: lists it looks at again, and words it has not said yet.

None of it is a fact of the plan, and an unsaid word must not stand in the history: all is a lease.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import TRANSIENT, Instant, Row, refers


def _own(kind: Any = sa.String, **more: Any) -> Any:
    return Field(sa_type=kind, sa_column_kwargs=TRANSIENT, **more)


class ViewRow(Row, table=True):
    """A list of the ledger under a name of the user's, as the filters of its address."""

    __tablename__ = "views"
    __table_args__ = (refers("users", "user"), sa.Index(None, "user"))

    id: str = Field(primary_key=True)
    user: str = _own()
    name: str = _own()
    query: str = _own(sa.Text)
    ended_at: datetime | None = _own(Instant, default=None, nullable=True)


class DraftRow(Row, table=True):
    """What a user has typed into the form of a deed and not sent; `fields` as a JSON object."""

    __tablename__ = "drafts"
    __table_args__ = (
        refers("users", "user"),
        refers("duties", "duty"),
        sa.Index(None, "user"),
    )

    id: str = Field(primary_key=True)
    user: str = _own()
    duty: str = _own()
    deed: str = _own()
    fields: str = _own(sa.Text)
    saved_at: datetime = _own(Instant)
    ended_at: datetime | None = _own(Instant, default=None, nullable=True)
