"""The contact person of each position, and their telephone number."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import refers, text

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "positions",
        *text("agency", "position", "person", "telephone"),
        sa.PrimaryKeyConstraint("agency", "position", name="pk_positions"),
        refers("positions", ["agency"], ["agencies.id"]),
    )


def downgrade() -> None:
    op.drop_table("positions")
