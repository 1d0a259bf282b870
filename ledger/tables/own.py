"""What a person keeps for itself: lists it looks at again, and words it has not said yet.

None of it is a fact of the plan, and an unsaid word must not stand in the history: all is a lease.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field

from ledger.tables.base import Instant, Row, lease, refers


class ViewTable(Row, table=True):
    """A list of the ledger under a name of the user's, as the filters of its address."""

    __tablename__ = "views"
    __table_args__ = (refers("users", "user"), sa.Index(None, "user"))

    id: str = Field(primary_key=True)
    user: str = lease()
    name: str = lease()
    query: str = lease(sa_type=sa.Text)
    ended_at: datetime | None = lease(sa_type=Instant, default=None)


class DraftTable(Row, table=True):
    """What a user has typed into the form of a deed and not sent; `fields` as a JSON object."""

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
