"""Rows of a pack: entries as stored, evidence, and letters about duties."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.duties.duties import DUTIES
from ledger.duties.life import Evidence
from ledger.proof.chain import ENTRIES
from ledger.store.engine import require_text
from ledger.store.rows import rows
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

CARRIED = TABLES["carried"]
EVIDENCE = TABLES["evidence"]
MESSAGES = TABLES["messages"]
NOTICES = TABLES["notices"]
StoredEntry = sa.Row[Any]  # the columns of `entries`, the payload as its text


def entries(conn: sa.Connection, *, after: int, through: int, limit: int) -> Sequence[StoredEntry]:
    """Return the next entries past number `after` and up to `through`, at most `limit`.

    Raises ConflictError for one that was stored as bytes.
    """
    stored = sa.select(ENTRIES).where(ENTRIES.c.seq > after, ENTRIES.c.seq <= through)
    page = conn.execute(stored.order_by(ENTRIES.c.seq).limit(limit)).all()
    require_text(value for row in page for value in row)
    return page


def evidence(conn: sa.Connection, duties: Collection[str]) -> list[Evidence]:
    """Return the evidence of `duties`, by id, however many duties there are."""
    own = set(duties)
    files = rows(conn, sa.select(EVIDENCE).order_by(EVIDENCE.c.id), Evidence)
    return [file for file in files if file.duty in own]


def letters_about(
    conn: sa.Connection,
    duties: Collection[str],
    *,
    plans: Collection[str],
    readers: Collection[str] | None,
) -> set[str]:
    """Return the ids of the messages about `duties`, which are of `plans`, and of their letters.

    `readers` limits them to messages to one of these agencies.
    """
    letters = (
        sa.select(MESSAGES.c.id, MESSAGES.c.recipient, NOTICES.c.duty)
        .distinct()
        .join(NOTICES, NOTICES.c.message == MESSAGES.c.id)
        .join(DUTIES, DUTIES.c.key == NOTICES.c.duty)
        .where(DUTIES.c.plan.in_(plans))
    )
    own = set(duties)
    messages = {
        message
        for message, recipient, duty in conn.execute(letters)
        if duty in own and (readers is None or recipient.partition("/")[0] in readers)
    }
    carried = conn.execute(sa.select(CARRIED.c.letter, CARRIED.c.message)) if messages else ()
    return messages | {letter for letter, message in carried if message in messages}


def letters_of(conn: sa.Connection, plans: Collection[str]) -> set[str]:
    """Return the ids of the messages of `plans`, and of the letters that carry no others."""
    messages = sa.select(MESSAGES.c.id).where(MESSAGES.c.plan.in_(plans))
    letters = sa.select(CARRIED.c.letter).join(MESSAGES, MESSAGES.c.id == CARRIED.c.message)
    own = {*conn.scalars(messages), *conn.scalars(letters.where(MESSAGES.c.plan.in_(plans)))}
    return own - set(conn.scalars(letters.where(MESSAGES.c.plan.not_in(plans))))
