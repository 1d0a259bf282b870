"""Offices hand duties down to each other, and report on them, in signed bundles."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, instant, prose, refers, text, whole

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = ("handed", "bundles", "peers")


def upgrade() -> None:
    op.create_table(
        "peers",
        *text("id", "key"),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        *day("trusted_on"),
        *text("trusted_by"),
        *day("ended_on", nullable=True),
        *whole("told"),
        *text("digest", nullable=True),
        *whole("heard"),
        *day("heard_on", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_peers"),
    )
    op.create_table(
        "bundles",
        *text("id", "way", "peer"),
        *instant("at"),
        *prose("document"),
        *text("state"),
        *day("came_on"),
        *text("came_by"),
        *day("decided_on", nullable=True),
        *text("decided_by", "plan", "measure", nullable=True),
        *prose("reason", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_bundles"),
        refers("bundles", ["peer"], ["peers.id"]),
    )
    op.create_index("ix_bundles_way_state", "bundles", ["way", "state"])
    op.create_table(
        "handed",
        *text("duty", "peer", "bundle"),
        *day("handed_on"),
        *text("handed_by"),
        *prose("answer", nullable=True),
        *day("answered_on", nullable=True),
        sa.PrimaryKeyConstraint("duty", "peer", name="pk_handed"),
        refers("handed", ["duty"], ["duties.key"]),
        refers("handed", ["peer"], ["peers.id"]),
        refers("handed", ["bundle"], ["bundles.id"]),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
