"""Users have a mail address of their own, for the days on which they stand in for another."""

from __future__ import annotations

from alembic import op

from ledger.migrations.columns import text

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in text("mail", nullable=True):
        op.add_column("users", column)


def downgrade() -> None:
    op.drop_column("users", "mail")
