"""The first ledger: plans as published, duties, what was told and sent, and the history.

Nothing was there before. Later revisions name what the law, a deed or a fault made necessary.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, instant, refers, text

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _plans()
    _duties()
    _post()
    _history()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER entries_stand ON entries")
        op.execute("DROP TRIGGER entries_all_stand ON entries")
        op.execute("DROP FUNCTION entries_stand()")
    for table in ("entries", "attempts", "notices", "messages", "items", "duties"):
        op.drop_table(table)
    for table in ("contacts", "agencies", "editions"):
        op.drop_table(table)


def _plans() -> None:
    op.create_table(
        "editions",
        *text("plan"),
        sa.Column("edition", sa.Integer, nullable=False),
        *text("title", "digest"),
        sa.Column("document", sa.Text, nullable=False),
        *day("issued_on", "starts_on", "ends_on"),
        *text("workdays_version"),
        *instant("published_at"),
        *text("published_by"),
        sa.Column("in_force", sa.Boolean, nullable=False),
        sa.Column("is_demo", sa.Boolean, nullable=False),
        *day("expanded_through", "swept_through", nullable=True),
        sa.PrimaryKeyConstraint("plan", "edition", name="pk_editions"),
    )
    _only("uq_editions_in_force", "editions", ["plan"], where="in_force")
    op.create_table(
        "agencies",
        *text("id", "name", "kind"),
        *text("host", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_agencies"),
        refers("agencies", ["host"], ["agencies.id"]),
    )
    op.create_table(
        "contacts",
        *text("agency", "position", "channel", "address"),
        sa.PrimaryKeyConstraint("agency", "position", "channel", name="pk_contacts"),
        refers("contacts", ["agency"], ["agencies.id"]),
    )


def _duties() -> None:
    op.create_table(
        "duties",
        *text("key", "plan"),
        sa.Column("edition", sa.Integer, nullable=False),
        *text("measure", "obligation", "kind", "title"),
        *text("party", nullable=True),
        *text("period", "lead", "performer"),
        sa.Column("participants", sa.Text, nullable=False),
        *text("basis"),
        *day("opens_on", "due_on"),
        sa.Column("due_version", sa.Integer, nullable=False),
        sa.Column("quota_min", sa.Integer),
        sa.Column("quota_max", sa.Integer),
        sa.Column("delivered", sa.Integer, nullable=False),
        sa.Column("provisional", sa.Boolean, nullable=False),
        *text("workdays_version", "ladder"),
        *day("opened_on", "acknowledged_on", "filed_on", "closed_on", nullable=True),
        *text("closed_as", nullable=True),
        *day("told_through", "look_on", nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_duties"),
        refers("duties", ["plan", "edition"], ["editions.plan", "editions.edition"]),
        refers("duties", ["lead"], ["agencies.id"]),
        refers("duties", ["performer"], ["agencies.id"]),
    )
    op.create_index("ix_duties_look", "duties", ["plan", "look_on", "key"])
    op.create_index("ix_duties_plan_measure", "duties", ["plan", "measure"])
    op.create_index("ix_duties_lead", "duties", ["lead"])
    op.create_index("ix_duties_performer", "duties", ["performer"])
    op.create_table(
        "items",
        *text("id", "duty"),
        *day("held_on"),
        *text("place", "title"),
        *instant("recorded_at"),
        *text("recorded_by"),
        sa.PrimaryKeyConstraint("id", name="pk_items"),
        refers("items", ["duty"], ["duties.key"]),
    )
    op.create_index("ix_items_duty", "items", ["duty"])


def _post() -> None:
    op.create_table(
        "messages",
        *text("id", "plan", "recipient", "channel", "form"),
        *day("on"),
        *text("state", "message_id"),
        *instant("settled_at", nullable=True),
        *text("reason", nullable=True),
        sa.Column("tries", sa.Integer, nullable=False),
        *instant("next_try_at", "claimed_until", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("message_id", name="uq_messages_message_id"),
    )
    digest = ["recipient", "channel", "on"]
    _only("uq_messages_digest", "messages", digest, where="form = 'digest'")
    op.create_index("ix_messages_state_on_next_try_at", "messages", ["state", "on", "next_try_at"])
    natural = ("duty", "due_version", "rung", "recipient", "channel")
    op.create_table(
        "notices",
        *text("id", "duty"),
        sa.Column("due_version", sa.Integer, nullable=False),
        *text("rung", "recipient", "channel"),
        *day("on"),
        *text("form"),
        sa.Column("coalesced", sa.Text, nullable=False),
        *text("message"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.UniqueConstraint(*natural, name=f"uq_notices_{'_'.join(natural)}"),
        refers("notices", ["duty"], ["duties.key"]),
        refers("notices", ["message"], ["messages.id"]),
    )
    op.create_index("ix_notices_message", "notices", ["message"])
    op.create_table(
        "attempts",
        *text("id", "message"),
        *instant("at"),
        *text("outcome"),
        *text("detail", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
        refers("attempts", ["message"], ["messages.id"]),
    )
    op.create_index("ix_attempts_message", "attempts", ["message"])


def _history() -> None:
    op.create_table(
        "entries",
        sa.Column("seq", sa.Integer, autoincrement=False, nullable=False),
        *instant("at"),
        *text("actor", "deed", "subject"),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("prev", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_entries"),
    )
    op.create_index("ix_entries_subject_seq", "entries", ["subject", "seq"])
    if op.get_bind().dialect.name == "postgresql":
        _stand_on_postgresql()
    else:
        _stand_on_sqlite()


def _stand_on_sqlite() -> None:
    """Refuse to change or remove an entry; the order also stops INSERT OR REPLACE."""
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER entries_stand_{event.lower()} BEFORE {event} ON entries "
            "BEGIN SELECT RAISE(ABORT, 'the history only grows'); END"
        )
    op.execute(
        "CREATE TRIGGER entries_in_order BEFORE INSERT ON entries "
        "WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM entries) "
        "BEGIN SELECT RAISE(ABORT, 'the history only grows'); END"
    )


def _stand_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION entries_stand() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the history only grows'; END $$"
    )
    op.execute(
        "CREATE TRIGGER entries_stand BEFORE UPDATE OR DELETE ON entries "
        "FOR EACH ROW EXECUTE FUNCTION entries_stand()"
    )
    op.execute(
        "CREATE TRIGGER entries_all_stand BEFORE TRUNCATE ON entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION entries_stand()"
    )


def _only(name: str, table: str, columns: list[str], *, where: str) -> None:
    condition = sa.text(where)
    op.create_index(
        name, table, columns, unique=True, sqlite_where=condition, postgresql_where=condition
    )
