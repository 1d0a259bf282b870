"""Database health: version, settings and integrity."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy.exc import DBAPIError

from ledger.store.engine import is_damage

if TYPE_CHECKING:
    import sqlalchemy as sa

SQLITE = sqlite3.sqlite_version
RESTORE = "restore the last backup into an empty home: duban restore FILE"


class Health(NamedTuple):
    """State of the database in words; `mend` is what to do where it is not `sound`.

    Nothing more can be read from one that is `damaged`.
    """

    sound: bool
    detail: str
    mend: str
    damaged: bool = False


def health(conn: sa.Connection) -> Health:
    """Check the database and return its state."""
    try:
        return _check(conn)
    except DBAPIError as error:
        if not is_damage(error):
            raise
        return Health(sound=False, detail=f"damaged: {error.orig}", mend=RESTORE, damaged=True)


def _check(conn: sa.Connection) -> Health:
    if conn.dialect.name == "sqlite":
        check = " ".join(conn.exec_driver_sql("PRAGMA quick_check(1)").scalar_one().split())
        mode = conn.exec_driver_sql("PRAGMA journal_mode").scalar_one()
        verdict = check if check == "ok" else f"damaged: {check}"
        detail = f"SQLite {SQLITE}, journal {mode}, quick check: {verdict}"
        return Health(check == "ok", detail, RESTORE, damaged=check != "ok")
    version, fsync = (
        conn.exec_driver_sql(f"SHOW {name}").scalar_one() for name in ("server_version", "fsync")
    )
    detail = f"PostgreSQL {version}, fsync {fsync}"
    return Health(fsync == "on", detail, "fsync = on, or a power cut loses the ledger")
