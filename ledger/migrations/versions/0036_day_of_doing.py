"""A filing states the day on which the work was done, beside the day on which it was filed.

Filings of older versions state none: the day of the filing counts.
"""

from __future__ import annotations

from alembic import op

from ledger.migrations.columns import day

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submissions", *day("done_on", nullable=True))


def downgrade() -> None:
    op.drop_column("submissions", "done_on")
