"""The day on which a ledger starts, what was due before it, and the day a duty was done.

Editions of before have no such day: their ladder speaks from the issue day.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

FACTS = (
    "due_on", "key", "plan", "measure", "lead", "performer", "kind", "opens_on",
    "acknowledged_on", "filed_on", "returned_on", "closed_on", "closed_as", "suspended_on",
    "waived_on", "quota_min", "delivered", "covers_from", "covers_until", "extensions",
)  # fmt: skip
QUOTAS = (
    "due_on", "opens_on", "quota_min", "delivered", "covers_from", "covers_until", "extensions",
)  # fmt: skip
WORDS = ("spoken_on", "opens_on", "asked_on")
NEW = ("done_on", "past_on")
UNENDED = "closed_on IS NULL AND waived_on IS NULL"


def upgrade() -> None:
    op.add_column("editions", *day("start_on", nullable=True))
    held = sa.Column("slips_held", sa.Integer, nullable=False, server_default="0")
    op.add_column("editions", held)
    for column in day(*NEW, nullable=True):
        op.add_column("duties", column)
    _index((*FACTS, *NEW), f"{UNENDED} AND past_on IS NULL")
    _anew("ix_duties_closed", ("closed_on", "filed_on", "done_on"), "closed_on IS NOT NULL")
    past = sa.text("past_on IS NOT NULL")
    op.create_index(
        "ix_duties_past", "duties", ["plan", "due_on"], sqlite_where=past, postgresql_where=past
    )


def downgrade() -> None:
    op.drop_index("ix_duties_past", "duties")
    _anew("ix_duties_closed", ("closed_on", "filed_on"), "closed_on IS NOT NULL")
    _index(FACTS, UNENDED)
    for name in NEW:
        op.drop_column("duties", name)
    op.drop_column("editions", "slips_held")
    op.drop_column("editions", "start_on")


def _index(facts: tuple[str, ...], live: str) -> None:
    """Make the indexes on the facts of standing anew."""
    without_filed = (name for name in facts if name != "filed_on")
    without_opens = (name for name in facts if name != "opens_on")
    _anew("ix_duties_facts", facts, "")
    _anew("ix_duties_live", facts, live)
    _anew("ix_duties_spoken", (*WORDS, *without_opens), live)
    filed = ("filed_on", *without_filed, "accepted_on")
    _anew("ix_duties_filed", filed, f"filed_on IS NOT NULL AND {live}")
    _anew("ix_duties_quota", QUOTAS, f"quota_min IS NOT NULL AND {live}")


def _anew(name: str, columns: tuple[str, ...], condition: str) -> None:
    where = sa.text(condition) if condition else None
    op.drop_index(name, "duties")
    op.create_index(name, "duties", [*columns], sqlite_where=where, postgresql_where=where)
