"""Stops of delivery channels last over rounds."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import instant, prose, text, whole

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_stops",
        *text("id", "channel", "kind", "reason", "words"),
        *instant("since"),
        *instant("ended_at", nullable=True),
        *text("ended", nullable=True),
        *whole("looks"),
        *instant("next_look", nullable=True),
        *prose("letters"),
        sa.PrimaryKeyConstraint("id", name="pk_channel_stops"),
    )
    op.create_index(
        "uq_channel_stops_current",
        "channel_stops",
        ["channel"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("channel_stops")
