"""Limits on what one person writes in a day, so that nobody buries a duty or the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

from catalog.dates.days import A_DAY
from catalog.errors import ConflictError
from ledger.proof import journal

if TYPE_CHECKING:
    from ledger.session import Connection
    from tasks.act import Act

ON_A_DUTY = 100  # entries of one person about one duty within a day
IN_ALL = 3000


def check_amount(conn: Connection, key: str, act: Act) -> None:
    """Raise ConflictError for a person who has written as much as anybody may within a day."""
    own = journal.where(actor=act.user, since=act.at - A_DAY)
    if journal.count(conn, *own, *journal.about(key)) >= ON_A_DUTY:
        raise ConflictError("written-enough-here", most=ON_A_DUTY)
    if journal.count(conn, *own, *journal.among_last(conn, 3 * IN_ALL)) >= IN_ALL:
        raise ConflictError("written-enough", most=IN_ALL)
