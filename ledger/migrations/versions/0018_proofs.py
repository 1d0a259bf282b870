"""Sign-in: passwords that are given once, sessions that a person can tell apart, limits on tries.

A token made before belongs to the role and agency that its user has now. Tries so far are dropped.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import instant, text, whole

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WORDS = (("sessions", "address"), ("sessions", "browser"), ("tokens", "was"))
POSITION = sa.text(
    "UPDATE tokens SET was = (SELECT users.role || '/' || users.agency FROM users"
    ' WHERE users.id = tokens."user")'
)


def upgrade() -> None:
    one_time = sa.Column("one_time", sa.Boolean, nullable=False, server_default=sa.false())
    op.add_column("credentials", one_time)
    for table, name in WORDS:
        op.add_column(table, sa.Column(name, sa.String, nullable=False, server_default=""))
    op.execute(POSITION)
    _replace_tries(*instant("clear_at"))


def downgrade() -> None:
    op.drop_column("credentials", "one_time")
    for table, name in WORDS:
        op.drop_column(table, name)
    _replace_tries(*whole("failed"), *instant("last_at"))


def _replace_tries(*columns: sa.Column[object]) -> None:
    op.drop_table("tries")
    primary_key = sa.PrimaryKeyConstraint("id", name="pk_tries")
    op.create_table("tries", *text("id"), *columns, primary_key)
