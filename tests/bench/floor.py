"""The same sweep written by hand on sqlite3, for the cost of the rows without generality.

It knows the one ladder, calendar and channel of the synthetic plan, decides by a dictionary of
due dates, writes each table by one executemany, and commits once.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

from catalog.dates.workdays import load_workdays
from catalog.duties.standing import Facts
from catalog.ladder.due import look
from catalog.ladder.rungs import DEFAULT_LADDER, rung_of
from tests.bench.load import CODE

if TYPE_CHECKING:
    from pathlib import Path

DUE = (
    "SELECT key, lead, performer, opens_on, due_on FROM duties"
    " WHERE plan = ? AND look_on <= ? ORDER BY look_on, key"
)
HEAD = "SELECT seq, hash FROM entries ORDER BY seq DESC LIMIT 1"
MESSAGE = (
    'INSERT INTO messages (id, plan, recipient, channel, form, "on", state, message_id, tries)'
    " VALUES (?, ?, ?, 'mail', ?, ?, ?, ?, 0)"
)
NOTICE = (
    'INSERT INTO notices (id, duty, due_version, rung, recipient, channel, "on", form, coalesced,'
    " message) VALUES (?, ?, 1, ?, ?, 'mail', ?, ?, '[]', ?)"
)
ENTRY = (
    "INSERT INTO entries (seq, at, actor, deed, subject, payload, prev, hash)"
    " VALUES (?, ?, 'duban', ?, ?, ?, ?, ?)"
)
MOVE = "UPDATE duties SET told_through = ?, look_on = ? WHERE key = ?"
_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


class DueNotice(NamedTuple):
    """The notices of every duty with one due date."""

    rung: str
    slip: bool
    to: list[tuple[str, str]]
    next_on: str


def connect(home: Path) -> sqlite3.Connection:
    """Open the ledger in `home` as duban itself does."""
    conn = sqlite3.connect(home / "duban.db", isolation_level=None)
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("PRAGMA foreign_keys = ON")
    return conn


def sweep(conn: sqlite3.Connection, on: dt.date, at: dt.datetime) -> None:
    """Write the notices due on `on`, as `tasks.sweep.sweep` does on a day of `load.fill`."""
    conn.execute("BEGIN IMMEDIATE")
    due = conn.execute(DUE, [CODE, on.isoformat()]).fetchall()
    day = Day(conn, on, at)
    day.tell_all(due, on)
    conn.executemany(MESSAGE, day.messages)
    conn.executemany(NOTICE, day.notices)
    conn.executemany(MOVE, day.moves)
    conn.executemany(ENTRY, day.entries)
    conn.execute("UPDATE editions SET swept_through = ? WHERE plan = ?", [on.isoformat(), CODE])
    conn.execute("COMMIT")


class Day:
    """The rows of one day's sweep, gathered table by table."""

    def __init__(self, conn: Any, on: dt.date, at: dt.datetime) -> None:
        self.on, self.at = on.isoformat(), f"{at:%Y-%m-%dT%H:%M:%SZ}"
        self.seq, self.prev = conn.execute(HEAD).fetchone()
        self.digests: dict[str, str] = {}
        self.messages: list[tuple[str, ...]] = []
        self.notices: list[tuple[str, ...]] = []
        self.moves: list[tuple[str, ...]] = []
        self.entries: list[tuple[int | str, ...]] = []

    def tell_all(self, due: list[tuple[str, str, str, str, str]], on: dt.date) -> None:
        dates = {due_on: opens_on for *_, opens_on, due_on in due}
        notices = {due_on: _due_notice(opens_on, due_on, on) for due_on, opens_on in dates.items()}
        for slip in (False, True):
            for key, lead, performer, _, due_on in due:
                if notices[due_on].slip is slip:
                    self.tell(key, lead, performer, notices[due_on])

    def tell(self, key: str, lead: str, performer: str, notice: DueNotice) -> None:
        changes: list[tuple[str, str, dict[str, object]]] = []
        who = {
            "performer": f"{performer}/officer",
            "lead": f"{lead}/officer",
            "lead.head": f"{lead}/head",
            "responsible": f"{lead}/leader",
            "office": "office/officer",
        }
        for role, form in notice.to:
            self._notice(key, who[role], notice.rung, form, changes)
        payload = _json({"changes": changes, "coalesced": [], "on": self.on, "rung": notice.rung})
        self._entry("escalated" if notice.slip else "reminded", key, payload)
        self.moves.append((self.on, notice.next_on, key))

    def _notice(
        self,
        key: str,
        to: str,
        rung: str,
        form: str,
        changes: list[tuple[str, str, dict[str, object]]],
    ) -> None:
        notice = sha256(f"{key}\n1\n{rung}\n{to}\nmail".encode()).hexdigest()[:16]
        if form == "slip":
            message = f"slip-{notice}"
            changes.append(self._message(message, to, "slip", "draft"))
        elif to in self.digests:
            message = self.digests[to]
        else:
            message = sha256(f"{to}\nmail\n{self.on}".encode()).hexdigest()[:16]
            self.digests[to] = message
            changes.append(self._message(message, to, "digest", "queued"))
        self.notices.append((notice, key, rung, to, self.on, form, message))
        row = {
            "duty": key,
            "due_version": 1,
            "rung": rung,
            "recipient": to,
            "channel": "mail",
            "on": self.on,
            "form": form,
            "coalesced": [],
            "message": message,
        }
        changes.append(("notices", notice, row))

    def _message(
        self, message: str, to: str, form: str, state: str
    ) -> tuple[str, str, dict[str, object]]:
        sent_as = f"<{message}@localhost>"
        self.messages.append((message, CODE, to, form, self.on, state, sent_as))
        row: dict[str, object] = {
            "plan": CODE,
            "recipient": to,
            "channel": "mail",
            "form": form,
            "on": self.on,
            "state": state,
            "message_id": sent_as,
        }
        return "messages", message, row

    def _entry(self, deed: str, key: str, payload: str) -> None:
        self.seq += 1
        text = (
            f'{{"actor":"duban","at":"{self.at}","deed":"{deed}","payload":{payload},'
            f'"seq":{self.seq},"subject":"{key}"}}'
        )
        body = sha256(text.encode()).hexdigest()
        digest = sha256((self.prev + body).encode()).hexdigest()
        self.entries.append((self.seq, self.at, deed, key, payload, self.prev, digest))
        self.prev = digest


def _due_notice(opens_on: str, due_on: str, on: dt.date) -> DueNotice:
    """Ask the ladder once for all duties with these dates."""
    facts = Facts(
        opens_on=dt.date.fromisoformat(opens_on),
        due_on=dt.date.fromisoformat(due_on),
        acknowledged_on=dt.date.fromisoformat(opens_on),
    )
    yesterday = on - dt.timedelta(1)
    result = look(DEFAULT_LADDER, load_workdays("CN"), facts, told_through=yesterday, today=on)
    assert result.rung is not None
    assert result.next_on is not None
    slip = rung_of(DEFAULT_LADDER, result.rung).form == "slip"
    return DueNotice(result.rung, slip, list(result.to), result.next_on.isoformat())
