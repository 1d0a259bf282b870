"""Sessions are signed; passwords and tokens made so far are bound to the history by an entry.

Everybody signs in once more. The entry is `ledger.proof.seals.adopt`, after all migrations.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("seal", sa.String, nullable=False, server_default=""))
    op.execute("UPDATE sessions SET ended_at = seen_at WHERE ended_at IS NULL")


def downgrade() -> None:
    op.drop_column("sessions", "seal")
