"""Duties beside the plan have a source, and meetings a day for which they are planned and held."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, prose, refers, text, unique, whole

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assignments",
        *text("duty", "plan"),
        *whole("number"),
        *prose("source"),
        *text("document", nullable=True),
        *day("dated_on", nullable=True),
        *text("meeting", nullable=True),
        *prose("evidence"),
        *day("assigned_on"),
        *text("assigned_by"),
        sa.PrimaryKeyConstraint("duty", name="pk_assignments"),
        refers("assignments", ["duty"], ["duties.key"]),
        refers("assignments", ["meeting"], ["duties.key"]),
        unique("assignments", "plan", "number"),
    )
    op.create_index("ix_assignments_meeting", "assignments", ["meeting"])
    for column in (*day("planned_on", nullable=True), *day("held_on", nullable=True)):
        op.add_column("duties", column)
    op.add_column("duties", *text("planned_place", nullable=True))


def downgrade() -> None:
    for name in ("planned_place", "held_on", "planned_on"):
        op.drop_column("duties", name)
    op.drop_table("assignments")
