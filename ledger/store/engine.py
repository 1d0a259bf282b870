"""Database engine: connection settings, advisory locks and plain errors.

SQLite has one writer at a time. On PostgreSQL many transactions write at once, each statement
seeing what was committed before it (READ COMMITTED): a deed locks the rows it decides by, unique
keys and conditional updates do the rest, and `hold` serialises what no row can. Readers see a
snapshot.
"""

from __future__ import annotations

import re
import sqlite3
import traceback
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.util import LRUCache

from catalog.errors import ConflictError
from ledger.store.changes import refusal
from ledger.tables import base

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.engine.interfaces import DBAPIConnection

WHOLE = "ledger"  # the lock every transaction shares, and an exclusive one holds alone
HOME = "duban_home"  # execution option of a connection: the home of its ledger
PATIENCE = 30  # seconds a writer waits for other writers
LONGEST = 300  # seconds PostgreSQL gives one statement
IDLE = 600  # seconds PostgreSQL lets a transaction idle
# A server that does not answer, or is gone without a word, is lost; libpq counts in seconds, but in
# milliseconds for the last. What the address says counts first.
ANSWERS = {
    "connect_timeout": 15,
    "keepalives_idle": 60,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
SAFE_WAL = (3, 51, 3)  # earlier SQLite can corrupt a database in WAL mode (sqlite.org/wal.html)
# Lock time-out, deadlock, serialisation, statement time-out, too many connections: try again.
BUSY = {"SQLITE_BUSY", "55P03", "40P01", "40001", "57014", "53300"}
FULL = {"SQLITE_FULL", "SQLITE_IOERR_WRITE", "53100"}  # disk full, or a file may not grow
READ_ONLY = {"SQLITE_READONLY", "SQLITE_READONLY_DBMOVED", "SQLITE_READONLY_DIRECTORY", "25006"}
# SQLite's family, and PostgreSQL's: a corrupted page, a corrupted index, a missing file.
DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_IOERR_SHORT_READ", "XX001", "XX002", "58P01")
READERS = {"sqlalchemy", "json", "pydantic"}  # packages that turn stored text into values
# Messages of sqlite3 about pages with other bytes, under a code that has other meanings too.
GARBLED = ("Could not decode to UTF-8", "unsupported file format")
UNREADABLE = "a stored value cannot be read, which duban verify names"
UNSUPPORTED = "0A000"
STATEMENTS: LRUCache[Any, Any] = LRUCache(1000)  # compiled, for every ledger of the process
DIALECTS: dict[tuple[Any, ...], sa.Dialect] = {}
# libpq's words about a login that the server refused, in English and in simplified Chinese.
LOGIN = re.compile(
    r"(?:FATAL|致命错误)[:：]\s*(?P<reason>.*(?:authentication failed|认证失败|pg_hba\.conf"
    r"|no password supplied|not permitted to log in|permission denied for database"
    r"|(?:role|database) .* does not exist|(?:角色|数据库) .* 不存在).*)"
)
GONE = {"08", "57"}  # the classes of a broken connection and of a server shutting down


def make_engine(database_url: str) -> sa.Engine:
    """Return the engine for `database_url`.

    Its errors do not contain values: they end up in logs and in Prefect's database.
    """
    url = sa.make_url(database_url)
    if url.get_backend_name() == "postgresql":
        engine = _postgresql(url.set(drivername="postgresql+psycopg"))
    else:
        engine = sa.create_engine(url, connect_args={"timeout": PATIENCE}, hide_parameters=True)
        sa.event.listen(engine, "connect", _prepare)
        sa.event.listen(engine, "begin", _begin)
    engine.update_execution_options(compiled_cache=STATEMENTS)
    sa.event.listen(engine, "connect", lambda *_: _share_dialect(engine), once=True)
    return engine


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """Return the journal mode that is safe with this version of SQLite."""
    return "wal" if version >= SAFE_WAL else "delete"


def hold(conn: sa.Connection, *words: str, shared: bool = False) -> None:
    """Take the advisory lock named by `words`, alone or shared, to the end of the transaction.

    A transaction that takes several takes them in one order: the whole ledger, then what a deed
    needs, then rows, the chain last. On SQLite the write lock covers everything. Ledgers in
    different schemas of one database do not wait for each other.
    """
    if conn.dialect.name != "postgresql":
        return
    name = sa.literal("\n".join(words)).concat("\n").concat(sa.func.current_schema())
    lock = sa.func.pg_advisory_xact_lock_shared if shared else sa.func.pg_advisory_xact_lock
    conn.execute(sa.select(lock(sa.func.hashtextextended(name, 0))))


@contextmanager
def plain_errors() -> Iterator[None]:
    """Raise the database's refusals as ConflictErrors: a duplicate, busy, full, lost or damaged."""
    try:
        yield
    except IntegrityError as error:
        raise refusal(error, table="ledger") from error
    except DBAPIError as error:
        if (plain := _plain(error)) is None:
            raise
        raise plain from error
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        if not _is_stored(error):
            raise
        raise ConflictError("ledger-damaged", reason=UNREADABLE) from error


def _plain(error: DBAPIError) -> ConflictError | None:
    code = getattr(error.orig, "sqlite_errorname", getattr(error.orig, "sqlstate", None))
    if code in BUSY:
        return ConflictError("ledger-busy", seconds=PATIENCE)
    if code in FULL | READ_ONLY or _is_standby(error, code):
        return ConflictError("ledger-full" if code in FULL else "ledger-read-only")
    if is_damage(error):
        return ConflictError("ledger-damaged", reason=error.orig)
    if not _is_lost(error, code):
        return None
    if reason := _refused_login(error):
        return ConflictError("ledger-login", reason=reason)
    return ConflictError("ledger-lost")


def require_text(values: Iterable[Any]) -> None:
    """Refuse a row with bytes among its values, which no column of ours holds (ConflictError)."""
    if any(value.__class__ is bytes for value in values):
        raise ConflictError("ledger-damaged", reason=UNREADABLE)


def is_damage(error: DBAPIError) -> bool:
    """Tell whether the database's own pages cannot be read."""
    code = getattr(error.orig, "sqlite_errorname", getattr(error.orig, "sqlstate", None))
    return (code or "").startswith(DAMAGED) or any(words in str(error.orig) for words in GARBLED)


def _is_stored(error: Exception) -> bool:
    """Tell whether reading a row raised `error`: a date, a JSON text, a document of the ledger.

    No column of ours holds bytes: where text is expected and bytes come, they were stored.
    """
    has_bytes = "bytes" in str(error) or any(arg.__class__ is bytes for arg in error.args)
    if has_bytes and not isinstance(error, ValueError):
        return True
    *_, last = traceback.extract_tb(error.__traceback__)
    return last.filename == base.__file__ or not READERS.isdisjoint(PurePath(last.filename).parts)


def _is_standby(error: DBAPIError, code: str | None) -> bool:
    """Tell whether the server is a read-only standby."""
    return code == UNSUPPORTED and "during recovery" in str(error.orig)


def _is_lost(error: DBAPIError, code: str | None) -> bool:
    """Tell whether PostgreSQL is gone: a shutdown, a broken connection or an idle time-out."""
    if not hasattr(error.orig, "sqlstate"):
        return False
    return error.connection_invalidated or code is None or code == "25P03" or code[:2] in GONE


def _refused_login(error: DBAPIError) -> str:
    """Return why PostgreSQL let nobody in, empty where it did or does not answer.

    A connection that fails has no code, only libpq's words, which hold no password.
    """
    match = LOGIN.search(str(error.orig))
    return match["reason"].strip() if match else ""


def _postgresql(url: sa.URL) -> sa.Engine:
    limits = {
        "lock_timeout": PATIENCE,
        "statement_timeout": LONGEST,
        "idle_in_transaction_session_timeout": IDLE,
    }
    options = [f"-c {name}={seconds}s" for name, seconds in limits.items()]
    options += url.normalized_query.get("options", ())  # the last of two options wins
    return sa.create_engine(
        url,
        connect_args={
            "application_name": "duban",
            "options": " ".join(options),
            **{name: value for name, value in ANSWERS.items() if name not in url.query},
        },
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_pre_ping=True,  # reconnect after a restart of the server
    )


def _share_dialect(engine: sa.Engine) -> None:
    """Use one dialect for all databases that are alike, since each compiles statements anew."""
    own = engine.dialect  # which knows its server by now
    alike = type(own), own.server_version_info, own.default_schema_name
    engine.dialect = DIALECTS.setdefault(alike, own)


def _prepare(connection: DBAPIConnection, _: object) -> None:
    connection.isolation_level = None  # `_begin` sends BEGIN
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA journal_mode = {journal_mode()}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(conn: sa.Connection) -> None:
    """Take the write lock first: a read that becomes a write fails at once when others wait."""
    writes = conn.get_execution_options().get("duban_writes")
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
