"""What a person does to the outbox: try a dead message again, release a drafted slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import ConflictError
from ledger import messages, notices
from ledger.changes import Change

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Ledger


def retry(ledger: Ledger, notice: str, *, at: dt.datetime, actor: str) -> str:
    """Queue the dead message of `notice` anew and return its id; it keeps its Message-ID.

    ConflictError when the message is not dead.
    """
    return _move(ledger, notice, ("dead", "queued"), at=at, actor=actor)


def release(ledger: Ledger, notice: str, *, on: dt.date, at: dt.datetime, actor: str) -> str:
    """Release a drafted slip, dated `on`, so that the next round sends it; return its message id.

    ConflictError when it is no draft (any more). A person answers for this: it is never done by
    a sweep (rules 3).
    """
    states = ("draft", "queued")
    return _move(ledger, notice, states, at=at, actor=actor, values={"on": on})


def _move(
    ledger: Ledger,
    notice: str,
    states: tuple[str, str],
    *,
    at: dt.datetime,
    actor: str,
    values: dict[str, object] | None = None,
) -> str:
    before, after = states
    with ledger.transaction() as tx:
        held = notices.one(tx.conn, notice)
        message = messages.one(tx.conn, held.message)
        if message.state != before:
            raise ConflictError("message-state", notice=notice, state=message.state, wanted=before)
        moved = {"state": after, "settled_at": None, "reason": None} | (values or {})
        change = Change("messages", message.id, moved, given={"state": before})
        deed = "released" if before == "draft" else "requeued"
        tx.record(deed, message.id, changes=[change], at=at, actor=actor)
        tx.lease([Change("messages", message.id, {"tries": 0, "next_try_at": None})])
    return message.id
