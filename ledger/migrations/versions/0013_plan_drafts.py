"""Drafts of plans: a document is settled phrase by phrase over days, by several people."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, instant, prose, refers, text, whole

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_drafts",
        *text("id", "name", "code"),
        *prose("text"),
        *text("digest"),
        *prose("agencies"),
        *day("read_on"),
        *text("begun_by"),
        *instant("begun_at"),
        *instant("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_plan_drafts"),
        refers("plan_drafts", ["begun_by"], ["users.id"]),
    )
    op.create_table(
        "plan_steps",
        *text("draft"),
        *whole("seq"),
        *text("deed", "about"),
        *prose("fields"),
        *text("user"),
        *instant("done_at"),
        sa.PrimaryKeyConstraint("draft", "seq", name="pk_plan_steps"),
        refers("plan_steps", ["draft"], ["plan_drafts.id"]),
        refers("plan_steps", ["user"], ["users.id"]),
    )


def downgrade() -> None:
    op.drop_table("plan_steps")
    op.drop_table("plan_drafts")
