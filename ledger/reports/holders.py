"""Who had which part in a duty on a day: what counts for whom after duties have changed hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ledger.proof import chain
from ledger.proof.chain import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ledger.duties.duties import Duty

HANDING = ("reassigned", "succeeded", "amended")  # the deeds that give a duty into other hands


class Parts(NamedTuple):
    """Who led a duty, performed it and took part in it on one day."""

    lead: str
    performer: str
    participants: tuple[str, ...]


def parts_on(conn: sa.Connection, key: str, on: date) -> Parts:
    """Return the parts in duty `key` at the end of day `on`, as the entries tell them.

    A succession counts from the day its document names, every other deed from its own.
    """
    told: dict[str, Any] = Parts("", "", ())._asdict()
    for entry in chain.entries(conn, subject=key):
        since = entry.payload.get("since") or entry.payload.get("on") or ""
        for table, row, values in entry.payload["changes"]:
            if (table, row) == ("duties", key) and since <= on.isoformat():
                told |= {name: values[name] for name in told if name in values}
    return Parts(told["lead"], told["performer"], tuple(told["participants"]))


def counted_parts(conn: sa.Connection, held: Iterable[Duty]) -> dict[str, Parts]:
    """Return by key the parts that count: of the due date, or of the closing if that came first.

    Only the duties that have ever changed hands are looked up in the history.
    """
    handed = set(
        conn.scalars(sa.select(ENTRIES.c.subject).distinct().where(ENTRIES.c.deed.in_(HANDING)))
    )
    return {
        duty.key: parts_on(conn, duty.key, min(duty.due_on, duty.closed_on or duty.due_on))
        if duty.key in handed
        else Parts(duty.lead, duty.performer, duty.participants)
        for duty in held
    }
