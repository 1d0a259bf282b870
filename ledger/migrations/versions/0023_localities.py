"""Figures of localities: shares of targets, values of indicators, rewards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, prose, refers, text, unique, whole

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shares",
        *text("id", "plan", "target"),
        *whole("year"),
        *text("party"),
        *whole("number"),
        *text("value", "weight", "duty"),
        *prose("reason"),
        *day("decided_on"),
        *text("decided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        refers("shares", ["duty"], ["duties.key"]),
        unique("shares", "plan", "target", "year", "party", "number"),
    )
    op.create_table(
        "indicator_values",
        *text("id", "plan", "indicator"),
        *whole("year"),
        *text("agency"),
        *whole("number"),
        *text("value"),
        *prose("source"),
        *day("reported_on"),
        *text("reported_by"),
        sa.PrimaryKeyConstraint("id", name="pk_indicator_values"),
        refers("indicator_values", ["agency"], ["agencies.id"]),
        unique("indicator_values", "plan", "indicator", "year", "agency", "number"),
    )
    op.create_table(
        "rewards",
        *text("id", "plan"),
        *whole("year", "number"),
        *text("agency"),
        *prose("text"),
        *text("document"),
        *day("recorded_on"),
        *text("recorded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_rewards"),
        refers("rewards", ["agency"], ["agencies.id"]),
        unique("rewards", "plan", "year", "number"),
    )


def downgrade() -> None:
    for table in ("rewards", "indicator_values", "shares"):
        op.drop_table(table)
