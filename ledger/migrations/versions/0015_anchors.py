"""Anchors on file are listed, so that a file that was removed or cut is found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "anchors",
        sa.Column("entries", sa.Integer, nullable=False, autoincrement=False),
        *day("on"),
        sa.Column("head", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("entries", name="pk_anchors"),
    )


def downgrade() -> None:
    op.drop_table("anchors")
