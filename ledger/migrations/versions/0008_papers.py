"""The office hands out papers: circulars and scorecards frozen as counted, objections, tidings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, prose, refers, text, unique, whole

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = ("objections", "cards", "tidings", "circulars")


def upgrade() -> None:
    _circulars()
    _tidings()
    _cards()
    _objections()


def _circulars() -> None:
    op.create_table(
        "circulars",
        *text("id", "plan", "span"),
        *day("on"),
        *prose("data"),
        *whole("entries"),
        sa.Column("head", sa.String(64), nullable=False),
        *text("language"),
        *prose("words"),
        *day("drafted_on"),
        *text("drafted_by"),
        *whole("year", "serial", nullable=True),
        *text("number", nullable=True),
        *day("released_on", nullable=True),
        *text("released_by", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_circulars"),
        unique("circulars", "plan", "span"),
        unique("circulars", "plan", "year", "serial"),
    )


def _tidings() -> None:
    op.create_table(
        "tidings",
        *text("id", "kind", "subject", "recipient", "channel"),
        *day("on"),
        *text("message"),
        sa.PrimaryKeyConstraint("id", name="pk_tidings"),
        unique("tidings", "kind", "subject", "recipient", "channel"),
        refers("tidings", ["message"], ["messages.id"]),
    )
    op.create_index("ix_tidings_message", "tidings", ["message"])


def _cards() -> None:
    op.create_table(
        "cards",
        *text("id", "plan"),
        *whole("year"),
        *text("agency"),
        *day("on"),
        *prose("data"),
        *whole("entries"),
        sa.Column("head", sa.String(64), nullable=False),
        *day("announced_on"),
        *text("announced_by"),
        *day("objections_until"),
        sa.PrimaryKeyConstraint("id", name="pk_cards"),
        unique("cards", "plan", "year", "agency"),
        refers("cards", ["agency"], ["agencies.id"]),
    )


def _objections() -> None:
    op.create_table(
        "objections",
        *text("id", "card"),
        *whole("number"),
        *text("duty"),
        *prose("text"),
        *day("raised_on"),
        *text("raised_by"),
        *day("decided_on", nullable=True),
        *text("decided_by", "outcome", nullable=True),
        *prose("answer", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_objections"),
        unique("objections", "card", "number"),
        refers("objections", ["card"], ["cards.id"]),
        refers("objections", ["duty"], ["duties.key"]),
    )


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
