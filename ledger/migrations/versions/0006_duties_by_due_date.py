"""Duties by due date, and those under review: a page costs what it shows, not what exists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

REVIEW = sa.text("filed_on IS NOT NULL AND closed_on IS NULL AND waived_on IS NULL")


def upgrade() -> None:
    op.create_index("ix_duties_due_on_key", "duties", ["due_on", "key"])
    op.create_index(
        "ix_duties_filed",
        "duties",
        ["due_on", "key"],
        sqlite_where=REVIEW,
        postgresql_where=REVIEW,
    )


def downgrade() -> None:
    op.drop_index("ix_duties_filed", "duties")
    op.drop_index("ix_duties_due_on_key", "duties")
