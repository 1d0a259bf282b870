"""PostgreSQL too takes an entry only as the next one, and refuses as SQLite does.

SQLite has looked at the order since the first revision; here whole statements are looked at.
"""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ONLY_GROWS = "RAISE 'the history only grows' USING ERRCODE = 'integrity_constraint_violation'"


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION entries_stand() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {ONLY_GROWS}; END $$"
    )
    op.execute(
        "CREATE FUNCTION entries_in_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "  # noqa: S608
        "IF (SELECT max(seq) FROM entries) <> (SELECT max(seq) FROM made) OR "
        "(SELECT min(seq) - 1 FROM made) <> (SELECT coalesce(max(seq), 0) FROM entries"
        " WHERE seq < (SELECT min(seq) FROM made)) OR "
        "(SELECT max(seq) - min(seq) + 1 - count(*) FROM made) <> 0 "
        f"THEN {ONLY_GROWS}; END IF; RETURN NULL; END $$"
    )
    op.execute(
        "CREATE TRIGGER entries_in_order AFTER INSERT ON entries REFERENCING NEW TABLE AS made "
        "FOR EACH STATEMENT EXECUTE FUNCTION entries_in_order()"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP TRIGGER entries_in_order ON entries")
    op.execute("DROP FUNCTION entries_in_order()")
    op.execute(
        "CREATE OR REPLACE FUNCTION entries_stand() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the history only grows'; END $$"
    )
