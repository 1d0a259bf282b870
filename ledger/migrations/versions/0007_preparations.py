"""Material prepared for meetings, events and reports, and its day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("duties", sa.Column("prepare_on", sa.Date()))
    op.create_index("ix_duties_prepare", "duties", ["plan", "kind", "prepare_on"])
    op.create_table(
        "preparations",
        sa.Column("duty", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("prepared_on", sa.Date(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("duty", name="pk_preparations"),
        sa.ForeignKeyConstraint(
            ["duty"],
            ["duties.key"],
            name="fk_preparations_duty_duties",
            deferrable=True,
            initially="DEFERRED",
        ),
    )


def downgrade() -> None:
    op.drop_table("preparations")
    op.drop_index("ix_duties_prepare", "duties")
    op.drop_column("duties", "prepare_on")
