"""Signing in with a provider: who is sent there must be the one who comes back, and only once.

Nothing of it is a fact; the history holds none of it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import instant, text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "trips",
        *text("id", "then"),
        *instant("made_at"),
        sa.PrimaryKeyConstraint("id", name="pk_trips"),
    )


def downgrade() -> None:
    op.drop_table("trips")
