"""Signing in: the pages of the desk must know who is there.

Passwords, sessions, tokens and failed tries are secrets or pass by; the history holds none of it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, instant, refers, text, whole

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "credentials",
        *text("user", "password"),
        *instant("changed_at"),
        *text("totp", nullable=True),
        *whole("totp_step", nullable=True),
        sa.PrimaryKeyConstraint("user", name="pk_credentials"),
        refers("credentials", ["user"], ["users.id"]),
    )
    op.create_table(
        "sessions",
        *text("id", "user", "was"),
        sa.Column("proved", sa.Boolean, nullable=False),
        *instant("made_at", "seen_at"),
        *instant("ended_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        refers("sessions", ["user"], ["users.id"]),
    )
    op.create_table(
        "tokens",
        *text("id", "user", "kind"),
        *day("made_on"),
        *day("ended_on", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        refers("tokens", ["user"], ["users.id"]),
    )
    for table in ("sessions", "tokens"):
        op.create_index(f"ix_{table}_user", table, ["user"])
    op.create_table(
        "tries",
        *text("id"),
        *whole("failed"),
        *instant("last_at"),
        sa.PrimaryKeyConstraint("id", name="pk_tries"),
    )


def downgrade() -> None:
    for table in ("tries", "tokens", "sessions", "credentials"):
        op.drop_table(table)
