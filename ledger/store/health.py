"""Database health: version, settings and integrity."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import sqlalchemy as sa

SQLITE = sqlite3.sqlite_version


class Health(NamedTuple):
    """State of the database in words; `mend` is what to do where it is not `sound`."""

    sound: bool
    detail: str
    mend: str


def health(conn: sa.Connection) -> Health:
    """Check the database and return its state."""
    if conn.dialect.name == "sqlite":
        check = conn.exec_driver_sql("PRAGMA quick_check").scalar_one()
        mode = conn.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        detail = f"SQLite {SQLITE}, journal {mode}, quick check: {check}"
        return Health(check == "ok", detail, "restore the last backup")
    version, fsync = (
        conn.exec_driver_sql(f"SHOW {name}").scalar_one() for name in ("server_version", "fsync")
    )
    detail = f"PostgreSQL {version}, fsync {fsync}"
    return Health(fsync == "on", detail, "fsync = on, or a power cut loses the ledger")
