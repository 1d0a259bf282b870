"""Dead letters tried again at a person's request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import ConflictError
from ledger.post import messages, notices, tidings
from ledger.store.changes import Change

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger


def retry(ledger: Ledger, notice: str, *, at: dt.datetime, actor: str) -> str:
    """Queue the dead message of `notice` again and return its id; it keeps its Message-ID.

    `notice` may also be the id of a tiding. ConflictError if the message is not dead.
    """
    with ledger.transaction() as tx:
        carrier = tidings.message_of(tx.conn, notice) or notices.one(tx.conn, notice).message
        message = messages.one(tx.conn, carrier)
        if message.state != "dead":
            raise ConflictError("message-state", notice=notice, state=message.state, wanted="dead")
        moved = {"state": "queued", "settled_at": None, "reason": None}
        change = Change("messages", message.id, moved, expected={"state": "dead"})
        tx.record("requeued", message.id, changes=[change], at=at, actor=actor)
        tx.lease([Change("messages", message.id, {"tries": 0, "next_try_at": None})])
    return message.id
