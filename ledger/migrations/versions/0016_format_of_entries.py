"""Each entry records the number of its format; those written so far are of the first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.Column("format", sa.Integer, nullable=False, server_default="1")
    op.add_column("entries", number)


def downgrade() -> None:
    op.drop_column("entries", "format")
