"""A drafted slip more: the lived plan has but one left, and a test may need one of its own."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from catalog.duties.standing import standing
from ledger.duties import duties
from ledger.post import notices
from ledger.store.changes import Change
from ledger.tables import TABLES
from ledger.tables.base import transient

if TYPE_CHECKING:
    import datetime as dt

    from ledger.session import Connection, Ledger
RUNNING = {"overdue", "due-soon", "on-course"}


def draft_slip(ledger: Ledger, *, at: dt.datetime) -> str:
    """Draft for one duty more the slip that waits for release; return the new draft."""
    with ledger.transaction() as tx:
        slip = notices.listed(tx.conn, state="draft", form="slip")[0]
        told = {notice.duty for notice in notices.listed(tx.conn, form="slip")}
        running = [d for d in duties.listed(tx.conn) if _status(d, at) in RUNNING]
        duty = min((d for d in running if d.key not in told), key=attrgetter("due_on", "key"))
        natural = (duty.due_version, slip.rung, slip.recipient, slip.channel)
        draft = notices.notice_id(duty.key, *natural)
        carrier = {**_row(tx.conn, "messages", slip.message), "message_id": f"<{draft}>"}
        notice = {**_row(tx.conn, "notices", slip.id), "duty": duty.key, "message": f"slip-{draft}"}
        rows = [
            Change("messages", f"slip-{draft}", carrier, "insert"),
            Change("notices", draft, notice | {"due_version": duty.due_version}, "insert"),
        ]
        tx.record("told", duty.key, changes=rows, at=at, actor="test")
    return draft


def _status(duty: duties.Duty, at: dt.datetime) -> str:
    return standing(duties.facts(duty), at.date()).status


def _row(conn: Connection, table: str, key: str) -> dict[str, Any]:
    """Return the facts of a row of a table, but its id."""
    omitted = {"id", *transient(TABLES[table])}
    columns = TABLES[table].columns
    row = conn.execute(sa.select(*columns).where(columns.id == key)).one()._mapping
    return {name: value for name, value in row.items() if name not in omitted}
