"""Plannings of meetings and events, and the answers to their invitations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, instant, prose, refers, text, unique, whole

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plannings",
        *text("duty"),
        *whole("number", "meeting"),
        *day("planned_on", "ends_on"),
        *text("starts_at", "ends_at", "place", "chair", nullable=True),
        *prose("participants"),
        sa.Column("tentative", sa.Boolean, nullable=False),
        *prose("note", nullable=True),
        sa.Column("called_off", sa.Boolean, nullable=False),
        *prose("reason", nullable=True),
        *text("uid", "host"),
        *instant("recorded_at"),
        *text("recorded_by"),
        sa.PrimaryKeyConstraint("duty", "number", name="pk_plannings"),
        refers("plannings", ["duty"], ["duties.key"]),
        refers("plannings", ["host"], ["agencies.id"]),
    )
    op.create_index("ix_plannings_uid", "plannings", ["uid"])
    op.create_index("ix_plannings_planned_on", "plannings", ["planned_on"])
    op.create_table(
        "meeting_answers",
        *text("id", "duty"),
        *whole("number", "planning"),
        *text("agency", "position", "answer"),
        *prose("text", nullable=True),
        *instant("answered_at"),
        *text("answered_by"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_answers"),
        refers("meeting_answers", ["duty"], ["duties.key"]),
        refers("meeting_answers", ["agency"], ["agencies.id"]),
        unique("meeting_answers", "duty", "number"),
    )


def downgrade() -> None:
    op.drop_table("meeting_answers")
    op.drop_table("plannings")
