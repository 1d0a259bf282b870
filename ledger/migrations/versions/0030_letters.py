"""Letters carry the messages to one mailbox; a notice may be settled before its letter leaves.

A message that a sender had begun to deliver becomes a letter of its own, so that a second copy has
the Message-ID of the first. All others are formed into letters by the next delivery round.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from ledger.migrations.columns import day, instant, refers, text, unique, whole
from ledger.proof import chain, seals
from ledger.tables import instant_text

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NAMES = ("channel", "address", "on", "form", "state", "message_id")
LEASES = ("tries", "next_try_at", "claimed_until")
BEGUN = sa.text(
    'SELECT m.id, m.channel, c.address, m."on", m.form, m.state, m.message_id,'
    " m.tries, m.next_try_at, m.claimed_until FROM messages m"
    " JOIN contacts c ON c.agency || '/' || c.position = m.recipient AND c.channel = m.channel"
    " WHERE m.state = 'queued' AND (m.tries > 0 OR m.claimed_until IS NOT NULL)"
    ' ORDER BY m."on", m.id'
)


def upgrade() -> None:
    op.create_table(
        "letters",
        *text("id", "channel", "address"),
        *day("on"),
        *text("form", "state", "message_id"),
        *instant("settled_at", nullable=True),
        *text("reason", nullable=True),
        *_leases(),
        sa.PrimaryKeyConstraint("id", name="pk_letters"),
        unique("letters", "message_id"),
    )
    op.create_index("ix_letters_channel_address_on", "letters", ["channel", "address", "on"])
    op.create_index("ix_letters_state_on", "letters", ["state", "on"])
    op.create_table(
        "carried",
        *text("letter", "message"),
        *whole("place"),
        sa.PrimaryKeyConstraint("letter", "message", name="pk_carried"),
        refers("carried", ["letter"], ["letters.id"]),
        refers("carried", ["message"], ["messages.id"]),
    )
    op.create_index("ix_carried_message", "carried", ["message"])
    for table in ("notices", "tidings"):
        op.add_column(table, *day("superseded_on", nullable=True))
    _adopt(op.get_bind())
    op.drop_index("ix_messages_state_on_next_try_at", "messages")
    for name in LEASES:
        op.drop_column("messages", name)
    op.create_index("ix_messages_state_on", "messages", ["state", "on"])


def downgrade() -> None:
    op.drop_index("ix_messages_state_on", "messages")
    for column in _leases(server_default="0"):
        op.add_column("messages", column)
    op.create_index("ix_messages_state_on_next_try_at", "messages", ["state", "on", "next_try_at"])
    for table in ("notices", "tidings"):
        op.drop_column(table, "superseded_on")
    op.drop_table("carried")
    op.drop_table("letters")


def _leases(**options: Any) -> list[sa.Column[Any]]:
    tries = sa.Column("tries", sa.Integer, nullable=False, **options)
    return [tries, *instant("next_try_at", "claimed_until", nullable=True)]


def _adopt(conn: sa.Connection) -> None:
    """Record a letter for each message that a sender had begun to deliver."""
    letters = sa.table("letters", *map(sa.column, ("id", *NAMES, *LEASES)))
    carried = sa.table("carried", *map(sa.column, ("letter", "message", "place")))
    now = instant_text(seals.now(conn))
    drafts = []
    for row in conn.execute(BEGUN).mappings().all():
        letter, values = row["id"], {name: row[name] for name in NAMES}
        conn.execute(letters.insert().values(dict(row)))
        conn.execute(carried.insert().values(letter=letter, message=letter, place=0))
        changes = [
            ["letters", letter, values | {"on": str(row["on"])}],
            ["carried", [letter, letter], {"place": 0}],
        ]
        payload = chain.canonical({"changes": changes})
        drafts.append(chain.Draft(now, "duban", "formed", letter, payload))
    chain.append(conn, drafts)
