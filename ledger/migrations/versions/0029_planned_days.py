"""Duties that are planned for a day are found by it: the calendar asks for those of a month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

PLANNED = sa.text("planned_on IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_duties_planned",
        "duties",
        ["planned_on"],
        sqlite_where=PLANNED,
        postgresql_where=PLANNED,
    )


def downgrade() -> None:
    op.drop_index("ix_duties_planned", "duties")
