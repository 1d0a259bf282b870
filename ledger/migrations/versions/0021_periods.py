"""A duty knows the period it covers, apart from the days it opens and is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day

if TYPE_CHECKING:
    from collections.abc import Sequence

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

COLUMNS = ("covers_from", "covers_until")
MORE = (*COLUMNS, "extensions")
FACTS = (
    "due_on", "key", "plan", "measure", "lead", "performer", "kind", "opens_on",
    "acknowledged_on", "filed_on", "returned_on", "closed_on", "closed_as", "suspended_on",
    "waived_on", "quota_min", "delivered",
)  # fmt: skip
OTHER_FACTS = tuple(name for name in FACTS if name != "filed_on")
LIVE = "closed_on IS NULL AND waived_on IS NULL"
# Each index on the facts of standing: its condition, the columns before the new ones and after.
INDEXES = {
    "ix_duties_facts": ("", FACTS, ()),
    "ix_duties_live": (LIVE, FACTS, ()),
    "ix_duties_filed": (
        f"filed_on IS NOT NULL AND {LIVE}",
        ("filed_on", *OTHER_FACTS),
        ("accepted_on",),
    ),
    "ix_duties_quota": (
        f"quota_min IS NOT NULL AND {LIVE}",
        ("due_on", "opens_on", "quota_min", "delivered"),
        (),
    ),
}


def upgrade() -> None:
    for column in day(*COLUMNS, nullable=True):
        op.add_column("duties", column)
    _index(MORE)


def downgrade() -> None:
    _index(())
    for name in COLUMNS:
        op.drop_column("duties", name)


def _index(more: Sequence[str]) -> None:
    for name, (condition, before, after) in INDEXES.items():
        where = sa.text(condition) if condition else None
        op.drop_index(name, "duties")
        op.create_index(
            name,
            "duties",
            [*before, *more, *after],
            sqlite_where=where,
            postgresql_where=where,
        )
