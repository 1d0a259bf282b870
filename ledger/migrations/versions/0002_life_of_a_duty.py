"""The life of a duty: agencies answer and the office decides, each step with its own record.

The first ledger dated duties and chased them; now submissions, evidence, extensions, problems,
moved due dates, released slips and yearly readings are kept, and who may act for whom.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, prose, refers, text, unique, whole

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FACTS = ("returned_on", "accepted_on", "suspended_on", "waived_on", "refused_on")
COUNTS = ("filings", "extensions")
TABLES = (
    "due_dates", "evidence", "submissions", "extensions", "problems", "remarks", "slips",
    "readings", "delegations", "users", "successions",
)  # fmt: skip


def upgrade() -> None:
    for column in day(*FACTS, nullable=True):
        op.add_column("duties", column)
    for name in COUNTS:
        op.add_column("duties", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    _answers()
    _decisions()
    _papers()
    _people()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    with op.batch_alter_table("duties") as duties:
        for name in (*FACTS, *COUNTS):
            duties.drop_column(name)


def _answers() -> None:
    op.create_table(
        "submissions",
        *text("id", "duty"),
        *whole("number"),
        *day("filed_on"),
        *text("filed_by"),
        *prose("summary"),
        *day("returned_on", nullable=True),
        *text("returned_by", nullable=True),
        *prose("reason", nullable=True),
        *day("accepted_on", nullable=True),
        *text("accepted_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_submissions"),
        refers("submissions", ["duty"], ["duties.key"]),
        unique("submissions", "duty", "number"),
    )
    op.create_table(
        "evidence",
        *text("id", "duty"),
        *text("submission", "item", nullable=True),
        *text("kind", "name", "media_type"),
        *whole("size"),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_evidence"),
        refers("evidence", ["duty"], ["duties.key"]),
        refers("evidence", ["submission"], ["submissions.id"]),
        refers("evidence", ["item"], ["items.id"]),
    )
    for column in ("duty", "sha256"):
        op.create_index(f"ix_evidence_{column}", "evidence", [column])
    op.create_table(
        "remarks",
        *text("id", "duty"),
        *whole("number"),
        *text("kind"),
        *day("said_on"),
        *text("said_by"),
        *prose("text"),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
        refers("remarks", ["duty"], ["duties.key"]),
    )
    op.create_index("ix_remarks_duty", "remarks", ["duty"])


def _decisions() -> None:
    op.create_table(
        "due_dates",
        *text("duty"),
        *whole("version"),
        *day("due_on", "moved_on"),
        *text("moved_by", "deed"),
        *prose("reason"),
        *text("document", nullable=True),
        sa.PrimaryKeyConstraint("duty", "version", name="pk_due_dates"),
        refers("due_dates", ["duty"], ["duties.key"]),
    )
    op.create_table(
        "extensions",
        *text("id", "duty"),
        *whole("number"),
        *day("asked_on"),
        *text("asked_by"),
        *day("asked_to"),
        *prose("reason"),
        *day("decided_on", nullable=True),
        *text("decided_by", "outcome", nullable=True),
        *day("granted_to", nullable=True),
        *prose("answer", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_extensions"),
        refers("extensions", ["duty"], ["duties.key"]),
        unique("extensions", "duty", "number"),
    )
    op.create_table(
        "problems",
        *text("id", "duty"),
        *whole("number"),
        *day("raised_on"),
        *text("raised_by"),
        *prose("text"),
        *day("answered_on", nullable=True),
        *text("answered_by", nullable=True),
        *prose("answer", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_problems"),
        refers("problems", ["duty"], ["duties.key"]),
        unique("problems", "duty", "number"),
    )


def _papers() -> None:
    op.create_table(
        "slips",
        *text("message", "duty", "plan"),
        *whole("year", "serial"),
        *text("number"),
        *day("released_on"),
        *text("released_by", "subject"),
        *prose("body"),
        sa.PrimaryKeyConstraint("message", name="pk_slips"),
        refers("slips", ["message"], ["messages.id"]),
        unique("slips", "plan", "year", "serial"),
    )
    op.create_table(
        "readings",
        *text("id", "plan", "target"),
        *whole("year", "number"),
        *text("duty", "value"),
        *prose("source"),
        *day("reported_on"),
        *text("reported_by"),
        sa.PrimaryKeyConstraint("id", name="pk_readings"),
        refers("readings", ["duty"], ["duties.key"]),
        unique("readings", "plan", "target", "year", "number"),
    )


def _people() -> None:
    op.create_table(
        "users",
        *text("id", "name", "agency", "role"),
        *day("since"),
        *day("until", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        refers("users", ["agency"], ["agencies.id"]),
    )
    op.create_index("ix_users_agency", "users", ["agency"])
    op.create_table(
        "delegations",
        *text("id", "user", "substitute"),
        *day("since", "until"),
        sa.PrimaryKeyConstraint("id", name="pk_delegations"),
        refers("delegations", ["user"], ["users.id"]),
        refers("delegations", ["substitute"], ["users.id"]),
    )
    op.create_table(
        "successions",
        *text("id", "kind", "agency"),
        *text("successor", nullable=True),
        *day("on"),
        *text("document", "measures", "former_name"),
        sa.PrimaryKeyConstraint("id", name="pk_successions"),
        refers("successions", ["agency"], ["agencies.id"]),
        refers("successions", ["successor"], ["agencies.id"]),
    )
