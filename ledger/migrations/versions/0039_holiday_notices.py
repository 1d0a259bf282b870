"""Holiday notices of a year, recorded by the office."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import prose, text, whole

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holiday_notices",
        *text("code"),
        *whole("year"),
        *prose("papers", "off", "work"),
        sa.PrimaryKeyConstraint("code", "year", name="pk_holiday_notices"),
    )


def downgrade() -> None:
    op.drop_table("holiday_notices")
