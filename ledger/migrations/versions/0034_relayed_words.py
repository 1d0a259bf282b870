"""A filing, a problem or a remark may be an agency's own that the office recorded for it."""

from __future__ import annotations

from alembic import op

from ledger.migrations.columns import text

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

WORDS = ("submissions", "problems", "remarks")


def upgrade() -> None:
    for table in WORDS:
        for column in text("agency", "source", nullable=True):
            op.add_column(table, column)


def downgrade() -> None:
    for table in WORDS:
        op.drop_column(table, "source")
        op.drop_column(table, "agency")
