"""Holders of duties on a day: the parts that count after duties have changed hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ledger.proof import chain
from ledger.proof.chain import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ledger.duties.duties import Duty

HANDING = (
    "reassigned",
    "succeeded",
    "amended",
    "named",
)  # the deeds that change the holder of a duty


class Parts(NamedTuple):
    """Lead, performer and participants of a duty on one day."""

    lead: str
    performer: str
    participants: tuple[str, ...]


def parts_on(conn: sa.Connection, key: str, on: date) -> Parts:
    """Return the parts in duty `key` at the end of day `on`, according to its history.

    A succession counts from the day its document names, every other deed from its own.
    """
    parts: dict[str, Any] = Parts("", "", ())._asdict()
    for entry in chain.entries(conn, subject=key):
        since = entry.payload.get("since") or entry.payload.get("on") or ""
        for table, row, values in entry.payload["changes"]:
            if (table, row) == ("duties", key) and since <= on.isoformat():
                parts |= {name: values[name] for name in parts if name in values}
    return Parts(parts["lead"], parts["performer"], tuple(parts["participants"]))


def counted_parts(conn: sa.Connection, duties: Iterable[Duty]) -> dict[str, Parts]:
    """Return the parts that count, by key: on the due date, or on an earlier day of closing.

    Only duties that have ever changed hands are looked up in the history.
    """
    transfers = set(
        conn.scalars(sa.select(ENTRIES.c.subject).distinct().where(ENTRIES.c.deed.in_(HANDING)))
    )
    return {
        duty.key: parts_on(conn, duty.key, min(duty.due_on, duty.closed_on or duty.due_on))
        if duty.key in transfers
        else Parts(duty.lead, duty.performer, duty.participants)
        for duty in duties
    }
