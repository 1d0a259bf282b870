"""A duty knows the last day with a word on the work, and the last on which it was asked for one.

Entries of older versions do not name the column `spoken_on`: the day of their deed is its value.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

LIVE = sa.text("closed_on IS NULL AND waived_on IS NULL")
COLUMNS = [
    "spoken_on", "opens_on", "asked_on", "due_on", "key", "plan", "measure", "lead", "performer",
    "kind", "acknowledged_on", "filed_on", "returned_on", "closed_on", "closed_as",
    "suspended_on", "waived_on", "quota_min", "delivered", "covers_from", "covers_until",
    "extensions",
]  # fmt: skip
LAST = """\
UPDATE duties SET spoken_on = (
  SELECT {day} FROM entries WHERE subject = duties.key
  AND deed IN ('progressed', 'planned', 'delivered', 'measured', 'filed')
  ORDER BY seq DESC LIMIT 1
)"""
DAY = {
    "sqlite": "coalesce(json_extract(payload, '$.on'), substr(at, 1, 10))",
    "postgresql": "CAST(coalesce(CAST(payload AS json) ->> 'on', substr(at, 1, 10)) AS date)",
}


def upgrade() -> None:
    for column in day("spoken_on", "asked_on", nullable=True):
        op.add_column("duties", column)
    op.execute(LAST.format(day=DAY[op.get_bind().dialect.name]))
    op.create_index("ix_duties_spoken", "duties", COLUMNS, sqlite_where=LIVE, postgresql_where=LIVE)


def downgrade() -> None:
    op.drop_index("ix_duties_spoken", "duties")
    op.drop_column("duties", "asked_on")
    op.drop_column("duties", "spoken_on")
