"""Messages that reached nobody, tried again: by a person, or because there is an address now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.errors import ConflictError
from ledger.post import letters, messages, notices, tidings
from ledger.post.messages import UNDELIVERED
from ledger.store.changes import Change
from tasks.post.forming import NOBODY, mailboxes_of, withdraw

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from ledger.post.messages import Message
    from ledger.session import Connection, Ledger, Transaction


def retry(ledger: Ledger, ids: Iterable[str], *, at: dt.datetime, actor: str) -> list[str]:
    """Queue the messages of these notices and tidings again; return the ids of all that are.

    All or none: ConflictError for a message that is neither dead nor bounced.
    """
    with ledger.transaction() as tx:
        by_id: dict[str, Message] = {}
        for each in dict.fromkeys(ids):
            carrier = tidings.message_of(tx.conn, each) or notices.one(tx.conn, each).message
            message = messages.one(tx.conn, carrier)
            if message.state not in UNDELIVERED:
                state = message.state
                raise ConflictError("message-state", notice=each, state=state, wanted="dead")
            by_id[message.id] = message
        return _requeue(tx, [*by_id.values()], at=at, actor=actor)


def retry_all(ledger: Ledger, *, at: dt.datetime, actor: str, reason: str = "") -> list[str]:
    """Queue all dead messages again, or those with `reason` in theirs; return their ids."""
    with ledger.transaction() as tx:
        return _requeue(tx, _with_reason(tx.conn, "dead", reason), at=at, actor=actor)


def came_back(conn: Connection, reason: str = "") -> int:
    """Return how many messages came back, or of those with `reason`: `retry_all` leaves them."""
    return len(_with_reason(conn, "bounced", reason))


def reached(tx: Transaction, agency: str, position: str, *, at: dt.datetime, actor: str) -> int:
    """Queue again what waits for the address that was recorded; return how many messages.

    A letter that waits for an address which is nobody's any more is given up: its messages go to
    the new one.
    """
    recipient = f"{agency}/{position}"
    dead = messages.listed(tx.conn, state="dead", recipient=recipient)
    unreached = [message for message in dead if (message.reason or "").startswith(NOBODY)]
    unreached += messages.listed(tx.conn, state="bounced", recipient=recipient)
    _requeue(tx, unreached, at=at, actor=actor)
    _readdress(tx, recipient, at=at, actor=actor)
    return len(unreached)


def _with_reason(conn: Connection, state: str, reason: str) -> list[Message]:
    words, every = reason.casefold(), messages.listed(conn, state=state)
    return [message for message in every if words in (message.reason or "").casefold()]


def _requeue(
    tx: Transaction, unreached: Sequence[Message], *, at: dt.datetime, actor: str
) -> list[str]:
    """Queue messages again, and dead letters whose address is still right, whole.

    Such a letter keeps its Message-ID; for the other messages the next round forms new ones.
    """
    again = _letters_again(tx, unreached, at)
    carried = letters.messages_of(tx.conn, again)
    queued: dict[str, None] = {}
    for letter, carried_by in carried.items():
        change = Change("letters", letter, {"state": "queued", "reason": None})
        rows = [_queued(message) for message in carried_by if message.id not in queued]
        queued.update(dict.fromkeys(message.id for message in carried_by))
        tx.record("requeued", letter, changes=[change, *rows], at=at, actor=actor)
        tx.lease([Change("letters", letter, {"tries": 0, "next_try_at": None})])
    for message in unreached:
        if message.id not in queued:
            queued[message.id] = None
            tx.record("requeued", message.id, changes=[_queued(message)], at=at, actor=actor)
            if letters.one(tx.conn, message.id):  # its entry is that of the letter of this name too
                tx.lease([Change("letters", message.id, {"tries": 0, "next_try_at": None})])
    return [*queued]


def _queued(message: Message) -> Change:
    values = {"state": "queued", "settled_at": None, "reason": None}
    return Change("messages", message.id, values, expected={"state": message.state})


def _letters_again(tx: Transaction, unreached: Sequence[Message], at: dt.datetime) -> list[str]:
    """Return the dead letters of dead messages whose address is that of a recipient today."""
    carrying = letters.of_messages(tx.conn, [message.id for message in unreached])
    mailboxes = mailboxes_of(tx.conn, unreached, at.date())
    return [
        *dict.fromkeys(
            letter.id
            for message in unreached
            for letter in carrying[message.id]
            if letter.state == "dead" and (letter.channel, letter.address) in mailboxes[message.id]
        )
    ]


def _readdress(tx: Transaction, recipient: str, *, at: dt.datetime, actor: str) -> None:
    waiting = messages.listed(tx.conn, state="queued", recipient=recipient)
    carrying = letters.of_messages(tx.conn, [message.id for message in waiting])
    queued = {
        letter.id: letter
        for of_message in carrying.values()
        for letter in of_message
        if letter.state == "queued"
    }
    withdraw(tx, queued.values(), on=at.date(), at=at, actor=actor)
