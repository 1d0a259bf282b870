"""The same sweep written by hand on psycopg: set-based, COPY for new rows, one commit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.bench import floor
from tests.bench.load import CODE

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    import psycopg

DUE = (
    "SELECT key, lead, performer, opens_on::text, due_on::text FROM duties"
    " WHERE plan = %s AND look_on <= %s ORDER BY look_on, key FOR NO KEY UPDATE"
)
MESSAGES = 'messages (id, plan, recipient, form, "on", state, message_id, channel, tries)'
NOTICES = (
    'notices (id, duty, rung, recipient, "on", form, message, due_version, channel, coalesced)'
)
ENTRIES = "entries (seq, at, deed, subject, payload, prev, hash, actor)"
MOVE = (
    "UPDATE duties SET told_through = moved.told_through, look_on = moved.look_on"
    " FROM unnest(%s::date[], %s::date[], %s::text[]) AS moved (told_through, look_on, key)"
    " WHERE duties.key = moved.key"
)
SWEPT = "UPDATE editions SET swept_through = %s WHERE plan = %s"


def sweep(conn: psycopg.Connection[Any], on: dt.date, at: dt.datetime) -> None:
    """Write the notices due on `on`, as `floor.sweep` does on SQLite."""
    with conn.transaction(), conn.cursor() as cursor:
        due = cursor.execute(DUE, [CODE, on]).fetchall()
        day = floor.Day(conn, on, at)
        day.tell_all(due, on)
        _copy(cursor, MESSAGES, ((*row, "mail", 0) for row in day.messages))
        _copy(cursor, NOTICES, ((*row, 1, "mail", "[]") for row in day.notices))
        cursor.execute(MOVE, [list(column) for column in zip(*day.moves, strict=True)])
        _copy(cursor, ENTRIES, ((*row, "duban") for row in day.entries))
        cursor.execute(SWEPT, [on, CODE])


def _copy(cursor: psycopg.Cursor[Any], into: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {into} FROM STDIN".encode()) as stream:
        for row in rows:
            stream.write_row(row)
