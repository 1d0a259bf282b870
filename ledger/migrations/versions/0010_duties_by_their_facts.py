"""Standing is asked of an index: lists, counts and tables of many duties do not read the duties."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

FACTS = (
    "due_on", "key", "plan", "measure", "lead", "performer", "kind", "opens_on",
    "acknowledged_on", "filed_on", "returned_on", "closed_on", "closed_as", "suspended_on",
    "waived_on", "quota_min", "delivered",
)  # fmt: skip
BEFORE = {
    "ix_duties_plan_measure": ("plan", "measure"),
    "ix_duties_lead": ("lead",),
    "ix_duties_performer": ("performer",),
    "ix_duties_due_on_key": ("due_on", "key"),
}
AFTER = {
    "ix_duties_plan_measure_due_on_opens_on": ("plan", "measure", "due_on", "opens_on"),
    "ix_duties_lead_due_on_performer": ("lead", "due_on", "performer"),
    "ix_duties_performer_due_on": ("performer", "due_on"),
    "ix_duties_participants": ("participants",),
    "ix_duties_title": ("title",),
    "ix_duties_facts": FACTS,
}
OF_THOSE = {
    "ix_duties_live": ("closed_on IS NULL AND waived_on IS NULL", FACTS),
    "ix_duties_closed": ("closed_on IS NOT NULL", ("closed_on", "filed_on")),
    "ix_duties_waived": ("waived_on IS NOT NULL", ("waived_on",)),
}


def upgrade() -> None:
    for name in BEFORE:
        op.drop_index(name, "duties")
    for name, columns in AFTER.items():
        op.create_index(name, "duties", list(columns))
    for name, (condition, columns) in OF_THOSE.items():
        where = sa.text(condition)
        op.create_index(name, "duties", list(columns), sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name in (*OF_THOSE, *AFTER):
        op.drop_index(name, "duties")
    for name, columns in BEFORE.items():
        op.create_index(name, "duties", list(columns))
