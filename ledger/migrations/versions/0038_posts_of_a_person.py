"""A login may be a further post of a person, and one-time codes have recovery codes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import text

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in text("of", nullable=True):
        op.add_column("users", column)
    op.create_index("ix_users_of", "users", ["of"])
    recovery = sa.Column("recovery", sa.Text, nullable=False, server_default="[]")
    op.add_column("credentials", recovery)


def downgrade() -> None:
    op.drop_column("credentials", "recovery")
    op.drop_index("ix_users_of", "users")
    op.drop_column("users", "of")
