"""Problems of a plan as a whole, raised by any agency of the register."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, prose, refers, text, unique, whole

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_problems",
        *text("id", "plan"),
        *whole("number"),
        *text("agency"),
        *day("raised_on"),
        *text("raised_by"),
        *prose("text"),
        *day("answered_on", nullable=True),
        *text("answered_by", nullable=True),
        *prose("answer", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_plan_problems"),
        refers("plan_problems", ["agency"], ["agencies.id"]),
        unique("plan_problems", "plan", "number"),
    )


def downgrade() -> None:
    op.drop_table("plan_problems")
