"""Reports of mail servers about letters that they accepted and could not deliver."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import instant, refers, text

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bounces",
        *text("id", "letter", "channel", "address", "action", "kind", "status", "reason"),
        *instant("at"),
        *instant("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bounces"),
        refers("bounces", ["letter"], ["letters.id"]),
    )
    op.create_index("ix_bounces_channel_address_at", "bounces", ["channel", "address", "at"])


def downgrade() -> None:
    op.drop_table("bounces")
