"""Agencies have other names beside the one they are registered under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    names = sa.Column("aliases", sa.Text, nullable=False, server_default="[]")
    op.add_column("agencies", names)


def downgrade() -> None:
    op.drop_column("agencies", "aliases")
