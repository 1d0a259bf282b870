"""Answers to systems: a deed asked for twice with one idempotency key is done once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, refers, text, whole

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "answers",
        *text("id", "user", "asked"),
        *day("asked_on"),
        *whole("status", nullable=True),
        sa.Column("answer", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        refers("answers", ["user"], ["users.id"]),
    )


def downgrade() -> None:
    op.drop_table("answers")
