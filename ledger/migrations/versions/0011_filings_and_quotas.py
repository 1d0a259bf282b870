"""Indexes for duties under review and running quotas, which every page of the office reads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

REVIEW = sa.text("filed_on IS NOT NULL AND closed_on IS NULL AND waived_on IS NULL")
QUOTA = sa.text("quota_min IS NOT NULL AND closed_on IS NULL AND waived_on IS NULL")
FILED = [
    "filed_on", "due_on", "key", "plan", "measure", "lead", "performer", "kind", "opens_on",
    "acknowledged_on", "returned_on", "closed_on", "closed_as", "suspended_on",
    "waived_on", "quota_min", "delivered", "accepted_on",
]  # fmt: skip
RUNNING = ["due_on", "opens_on", "quota_min", "delivered"]


def upgrade() -> None:
    op.drop_index("ix_duties_filed", "duties")
    _make("ix_duties_filed", FILED, REVIEW)
    _make("ix_duties_quota", RUNNING, QUOTA)


def downgrade() -> None:
    op.drop_index("ix_duties_quota", "duties")
    op.drop_index("ix_duties_filed", "duties")
    _make("ix_duties_filed", ["due_on", "key"], REVIEW)


def _make(name: str, columns: list[str], where: sa.TextClause) -> None:
    op.create_index(name, "duties", columns, sqlite_where=where, postgresql_where=where)
