"""Views and drafts: what a person keeps for itself outlives the browser it was typed into."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import instant, prose, refers, text

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "views",
        *text("id", "user", "name"),
        *prose("query"),
        *instant("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_views"),
        refers("views", ["user"], ["users.id"]),
    )
    op.create_index("ix_views_user", "views", ["user"])
    op.create_table(
        "drafts",
        *text("id", "user", "duty", "deed"),
        *prose("fields"),
        *instant("saved_at"),
        *instant("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        refers("drafts", ["user"], ["users.id"]),
        refers("drafts", ["duty"], ["duties.key"]),
    )
    op.create_index("ix_drafts_user", "drafts", ["user"])


def downgrade() -> None:
    op.drop_table("drafts")
    op.drop_table("views")
