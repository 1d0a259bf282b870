"""Trackers under way, and the mappings of their columns, kept for the next file of the form."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import instant, prose, refers, text, whole

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mappings",
        *text("id"),
        *prose("columns"),
        *whole("offset", "height"),
        *text("saved_by"),
        *instant("saved_at"),
        sa.PrimaryKeyConstraint("id", name="pk_mappings"),
        refers("mappings", ["saved_by"], ["users.id"]),
    )
    op.create_table(
        "tracker_uploads",
        *text("id", "user", "plan", "use", "name"),
        sa.Column("sha256", sa.String(64), nullable=False),
        *prose("sheets", "mapping", "answers", "receipt"),
        *instant("begun_at"),
        *instant("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tracker_uploads"),
        refers("tracker_uploads", ["user"], ["users.id"]),
    )
    op.create_index("ix_tracker_uploads_user", "tracker_uploads", ["user"])


def downgrade() -> None:
    op.drop_table("tracker_uploads")
    op.drop_table("mappings")
