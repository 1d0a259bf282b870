"""How a due date is moved: the old one is kept, and the ladder of the new one is told anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ledger.store.changes import Change

if TYPE_CHECKING:
    import datetime as dt

    from tasks.deeds.frame import Doing


class Moved(NamedTuple):
    """The facts of the duty that change, and the row that keeps the date it had."""

    facts: dict[str, Any]
    kept: Change


def move(it: Doing, to: dt.date, *, deed: str, reason: str, document: str | None = None) -> Moved:
    """Return what moving the due date of the duty to `to` changes.

    `it.duty` is the moved one afterwards: notices of the deed belong to the new version.
    """
    old = it.duty
    kept = {
        "due_on": old.due_on,
        "moved_on": it.act.on,
        "moved_by": it.act.user,
        "deed": deed,
        "reason": reason,
        "document": document,
    }
    facts: dict[str, Any] = {
        "due_on": to,
        "due_version": old.due_version + 1,
        "provisional": it.edition.workdays.is_provisional(to),
    }
    it.duty = old.model_copy(update=facts)
    return Moved(facts, Change("due_dates", (old.key, old.due_version), kept, "insert"))
