"""Seals of sessions: signatures by a key outside the database, without which no session counts.

A session lives for hours and many begin every day, so it is not bound to the history but signed:
the desk checks the signature at every request, and a row added or changed by SQL signs nobody in.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ledger.proof.chain import Fault, canonical
from ledger.store.bulk_rows import default_of
from ledger.store.engine import HOME
from ledger.store.put_once import put_new
from ledger.store.rows import rows
from ledger.tables import TABLES, instant_text
from ledger.tables.signin import Session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SESSIONS = TABLES["sessions"]
FLEETING = {"id", "seen_at", "ended_at", "seal"}
DEFAULTS = {c.name: default_of(c) for c in SESSIONS.columns if c.name not in FLEETING}
SLACK = dt.timedelta(hours=1)  # between the clocks of several machines


def key_file(home: Path) -> Path:
    """Return the path of the key; whoever deletes it ends every session."""
    return home / "sessions.key"


def seal(conn: sa.Connection, key: str, values: Mapping[str, Any]) -> str:
    """Return the signature of the session `key`, over all that stays as long as it lives."""
    bound = DEFAULTS | {name: v for name, v in values.items() if name not in FLEETING}
    return hmac.new(_key(conn), canonical([key, bound]).encode(), hashlib.sha256).hexdigest()


def is_sealed(conn: sa.Connection, session: Session) -> bool:
    """Tell whether this ledger made the session, and it has not ended."""
    own = seal(conn, session.id, session.model_dump())
    return session.ended_at is None and hmac.compare_digest(own, session.seal)


def faults(conn: sa.Connection, at: dt.datetime | None) -> Iterator[Fault]:
    """Yield the live sessions that this ledger did not make, or that are ahead of `at`."""
    for row in rows(conn, sa.select(SESSIONS).where(SESSIONS.c.ended_at.is_(None)), Session):
        if not is_sealed(conn, row):
            what = "not as this ledger made it, so it signs nobody in; end it"
            yield Fault(None, f"forged: sessions {row.id} of {row.user}, {what}")
        elif at and max(row.seen_at, row.made_at) > at + SLACK:
            what = f"used at {instant_text(row.seen_at)}, which is still to come; end it"
            yield Fault(None, f"ahead: sessions {row.id} of {row.user}, {what}")


def _key(conn: sa.Connection) -> bytes:
    return _read(conn.get_execution_options()[HOME])


def _read(home: Path) -> bytes:
    path = key_file(home)
    if not path.exists():
        put_new(path, secrets.token_hex(32))
    return path.read_bytes()
