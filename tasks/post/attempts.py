"""Attempts to hand over a letter, as rows."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ledger.store.changes import Change

if TYPE_CHECKING:
    import datetime as dt


def attempt(
    letter: str, message: str, outcome: str, reason: str | None, *, tries: int, at: dt.datetime
) -> Change:
    """Return the row of an attempt, after so many `tries`, to send `letter` with `message`."""
    seed = f"{letter}|{tries}|{outcome}|{at.isoformat()}"
    key = hashlib.sha256(seed.encode()).hexdigest()[:16]
    values = {"message": message, "at": at, "outcome": outcome, "detail": reason}
    return Change("attempts", key, values, op="insert")
