"""Threads: the letters to which a later one about the same duties refers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ledger.post.messages import Message

NOTICES, MESSAGES = TABLES["notices"], TABLES["messages"]
LETTERS, CARRIED = TABLES["letters"], TABLES["carried"]

_HERE = NOTICES.alias()
_DUTIES = sa.select(_HERE.c.duty).where(
    _HERE.c.message.in_(sa.bindparam("messages", expanding=True))
)
_ABOUT = (NOTICES.c.duty.in_(_DUTIES), NOTICES.c.superseded_on.is_(None))
_BY_LETTER = (
    sa.select(NOTICES.c.duty, LETTERS.c.on, LETTERS.c.message_id)
    .join(CARRIED, CARRIED.c.message == NOTICES.c.message)
    .join(LETTERS, LETTERS.c.id == CARRIED.c.letter)
    .where(*_ABOUT, LETTERS.c.state == "sent", LETTERS.c.channel == sa.bindparam("channel"))
    .where(LETTERS.c.address == sa.bindparam("address"))
)
_OF_BEFORE = (  # messages sent before there were letters
    sa.select(NOTICES.c.duty, MESSAGES.c.on, MESSAGES.c.message_id)
    .join(MESSAGES, MESSAGES.c.id == NOTICES.c.message)
    .where(*_ABOUT, MESSAGES.c.state == "sent", MESSAGES.c.channel == sa.bindparam("channel"))
    .where(MESSAGES.c.recipient.in_(sa.bindparam("recipients", expanding=True)))
    .where(~sa.select(CARRIED.c.letter).where(CARRIED.c.message == MESSAGES.c.id).exists())
)
_TOLD = sa.union_all(_BY_LETTER, _OF_BEFORE)


def thread(conn: sa.Connection, messages: Sequence[Message], *, address: str) -> tuple[str, ...]:
    """Return the Message-IDs of the letters that first told `address` of duties in `messages`.

    One for each duty, the latest first, without duplicates; all of them were sent.
    """
    values = {
        "messages": [message.id for message in messages],
        "recipients": [*{message.recipient for message in messages}],
        "channel": messages[0].channel,
        "address": address,
    }
    first: dict[str, tuple[date, str]] = {}
    for duty, on, message_id in conn.execute(_TOLD, values):
        first[duty] = min(first.get(duty, (on, message_id)), (on, message_id))
    by_id = sorted(set(first.values()), key=lambda each: each[1])
    return tuple(each[1] for each in sorted(by_id, key=lambda each: each[0], reverse=True))
