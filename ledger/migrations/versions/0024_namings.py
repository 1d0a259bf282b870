"""The bodies that open groups of a plan stand for, by a document."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, prose, refers, text

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "namings",
        *text("id", "plan", "agency", "measure"),
        *prose("members"),
        *day("on"),
        *text("document"),
        sa.PrimaryKeyConstraint("id", name="pk_namings"),
        refers("namings", ["agency"], ["agencies.id"]),
    )


def downgrade() -> None:
    op.drop_table("namings")
