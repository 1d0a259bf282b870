"""Moves of a due date: the old one is kept, and the new one has a ladder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.store.changes import Change

if TYPE_CHECKING:
    import datetime as dt

    from tasks.deeds.frame import OpenDeed


class Move(NamedTuple):
    """The new facts of the duty, and the row that keeps the old date."""

    facts: dict[str, Any]
    old_date: Change


def move(deed: OpenDeed, to: dt.date, *, entry: str, reason: str) -> Move:
    """Return the changes that move the due date to `to`; `entry` names the deed in the history.

    The old date is kept with the document that the deed cites, None for none.
    Afterwards `deed.duty` has the new date: notices of the deed belong to the new version.
    """
    old = deed.duty
    values = {
        "due_on": old.due_on,
        "moved_on": deed.act.on,
        "moved_by": deed.act.user,
        "deed": entry,
        "reason": reason,
        "document": deed.fields.get("document") or None,
    }
    facts: dict[str, Any] = {
        "due_on": to,
        "due_version": old.due_version + 1,
        "provisional": deed.edition.workdays.is_provisional(to),
    }
    deed.duty = old.model_copy(update=facts)
    return Move(facts, Change("due_dates", (old.key, old.due_version), values, "insert"))
