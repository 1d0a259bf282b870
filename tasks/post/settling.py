"""Settling of a letter: the rows of its messages, and of the lines that it left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.post import letters
from ledger.post.messages import UNDELIVERED
from ledger.store.changes import Change

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from ledger.post.letters import Load
    from ledger.session import Transaction


def settled_messages(
    tx: Transaction, load: Load, state: str, *, reason: str | None, at: dt.datetime
) -> list[Change]:
    """Return the changes of the messages that are settled with the letter, which ends as `state`.

    A message is sent when one of its letters was, once none of them waits; dead when all died;
    superseded when nothing was left to say; bounced when those that were accepted came back.
    """
    others = letters.others(tx.conn, load)
    changes = []
    for message in load.messages:
        states = {state, *others[message.id]}
        if "queued" in states:
            continue
        outcome = next(
            (each for each in ("sent", "superseded", "bounced") if each in states), "dead"
        )
        values = {
            "state": outcome,
            "settled_at": at,
            "reason": reason if outcome in UNDELIVERED else None,
        }
        changes.append(Change("messages", message.id, values))  # the letter's state is the guard
    return changes


def sent_elsewhere(tx: Transaction, load: Load, *, at: dt.datetime) -> list[Change]:
    """Return the changes of the messages that are sent, now that nobody waits for this letter."""
    others, values = letters.others(tx.conn, load), {"state": "sent", "settled_at": at}
    return [
        Change("messages", message, {**values, "reason": None}, expected={"state": "queued"})
        for message, states in others.items()
        if "sent" in states and "queued" not in states
    ]


def dropped_rows(
    tx: Transaction, load: Load, dropped: Collection[str], *, on: dt.date
) -> list[Change]:
    """Return the changes of the notices and tidings that the letter left out on day `on`.

    What another letter of the same message has told stays as it is.
    """
    if not dropped or any("sent" in states for states in letters.others(tx.conn, load).values()):
        return []
    notices, superseded = tx.present("notices", dropped), {"superseded_on": on}
    return [
        Change("notices" if each in notices else "tidings", each, superseded) for each in dropped
    ]
