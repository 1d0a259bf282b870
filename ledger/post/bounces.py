"""Bounces: letters that came back, and the addresses that none reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.post.letters import READDRESSINGS
from ledger.store.changes import Change
from ledger.store.rows import rows
from ledger.tables import TABLES
from ledger.tables.post import Bounce

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

__all__ = ["Bounce"]

BOUNCES, LETTERS = TABLES["bounces"], TABLES["letters"]
FAILED, DELAYED = "failed", "delayed"
_LATER = LETTERS.alias()
_REFUSED = (  # the last letters to their mailboxes, each refused by its provider
    sa.select(
        LETTERS.c.id,
        LETTERS.c.id.label("letter"),
        LETTERS.c.channel,
        LETTERS.c.address,
        sa.literal(FAILED).label("action"),
        sa.literal("refused").label("kind"),
        sa.literal("").label("status"),
        LETTERS.c.reason,
        LETTERS.c.settled_at.label("at"),
        sa.null().label("ended_at"),
    )
    .where(LETTERS.c.state == "dead", LETTERS.c.reason.not_like("given up after %"))
    .where(LETTERS.c.reason.not_in(READDRESSINGS))
    .where(
        ~sa.exists().where(
            _LATER.c.channel == LETTERS.c.channel,
            _LATER.c.address == LETTERS.c.address,
            _LATER.c.settled_at > LETTERS.c.settled_at,
            _LATER.c.state != "queued",
        )
    )
    .order_by(LETTERS.c.settled_at, LETTERS.c.id)
)
_MARKS = (BOUNCES.c.action == FAILED, BOUNCES.c.ended_at.is_(None))


def bounce_id(letter: str, action: str) -> str:
    """Return the id of the one bounce of a letter with this action."""
    return f"{letter}-{action}"


def exists(conn: sa.Connection, letter: str, action: str) -> bool:
    """Tell whether this is known of the letter already."""
    query = sa.select(BOUNCES.c.id).where(BOUNCES.c.id == bounce_id(letter, action))
    return conn.scalar(query) is not None


def unreachable(conn: sa.Connection) -> dict[tuple[str, str], Bounce]:
    """Return the last bounce of each channel and address that no letter reaches.

    The mark of an address ends when it is recorded anew, also unchanged: a person says it works.
    An address that refused the last letter at once is marked as well, until one is accepted.
    """
    query = sa.select(BOUNCES).where(*_MARKS).order_by(BOUNCES.c.at, BOUNCES.c.id)
    marks = [*rows(conn, _REFUSED, Bounce), *rows(conn, query, Bounce)]
    return {(each.channel, each.address): each for each in marks}


def endings(
    conn: sa.Connection, channel: str, addresses: Collection[str], *, at: datetime
) -> list[Change]:
    """Return the changes that end the marks of `addresses`, which a person records anew."""
    query = sa.select(BOUNCES.c.id).where(*_MARKS, BOUNCES.c.channel == channel)
    ids = conn.scalars(query.where(BOUNCES.c.address.in_(addresses)).order_by(BOUNCES.c.id))
    return [Change("bounces", each, {"ended_at": at}) for each in ids]
