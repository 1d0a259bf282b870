"""The open ledger: where it lies, how it is read, and the only commit there is."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar, Self

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, OperationalError

from catalog.errors import ConflictError
from ledger import history
from ledger.changes import Batch, Change, Key, present, refusal
from ledger.evidence import Store
from ledger.migrate import upgrade
from ledger.tables import instant_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.engine.interfaces import DBAPIConnection

    from ledger.settings import Settings

PATIENCE = 30  # seconds a writer waits for the others before it gives up
SAFE_WAL = (3, 51, 3)  # earlier SQLite can corrupt a database in WAL mode (sqlite.org/wal.html)


class Transaction:
    """One unit of work: rows and their history entries become true together or not at all."""

    def __init__(self, conn: sa.Connection) -> None:
        self._conn = conn
        self._facts = Batch(conn, leases=False)
        self._leases = Batch(conn, leases=True)
        self._drafts: list[history.Draft] = []

    @property
    def conn(self) -> sa.Connection:
        """The connection, for the queries; it sees what was recorded up to here."""
        self._facts.flush()
        self._leases.flush()
        return self._conn

    def record(
        self,
        deed: str,
        subject: str,
        *,
        at: datetime,
        actor: str,
        changes: Sequence[Change] = (),
        note: Mapping[str, Any] | None = None,
    ) -> None:
        """Apply `changes` and append the entry that tells them, when the transaction ends.

        `note` says what the rows do not; it must not be named `changes`.
        """
        told: dict[str, Any] = {"changes": [change[:3] for change in changes]}
        payload = history.canonical({**note, **told} if note else told)
        self._facts.add(changes)
        self._drafts.append(history.Draft(instant_text(at), actor, deed, subject, payload))

    def lease(self, changes: Iterable[Change]) -> None:
        """Write transient columns: who tries now and when next is no fact and has no entry."""
        self._leases.add(changes)

    def present(self, table: str, keys: Iterable[Key]) -> set[Key]:
        """Return those of `keys` that `table` holds already, so that only new rows are made."""
        return present(self.conn, table, keys)

    def finish(self) -> None:
        """Write what waits, then the entries, last: their lock is held for the shortest time."""
        history.append(self.conn, self._drafts)


class Ledger:
    """An installation's database, migrated and ready."""

    is_rehearsal: ClassVar[bool] = False

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        self.settings = settings
        self.engine = engine
        self._writing = Lock()
        self.evidence = Store(settings.home / "evidence", limit=settings.evidence_limit)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the ledger of `settings`; makes its home, and its tables when they lag behind."""
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        engine = make_engine(settings.database_url)
        with _plain_errors():
            upgrade(engine)
        return cls(settings, engine)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one moment, and whose writes are thrown away."""
        with _plain_errors(), self.engine.connect() as conn:
            if conn.dialect.name == "postgresql":
                conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield conn

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Give a Transaction and commit it; anything raised inside leaves nothing behind."""
        with _plain_errors(), self._turn(), self.engine.connect() as conn:
            conn.execution_options(duban_writes=True)
            with conn.begin():
                work = Transaction(conn)
                yield work
                work.finish()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Let the threads of this process write one after the other on SQLite.

        SQLite itself lets them ask again and again, and whoever has bad luck waits in vain.
        """
        if self.engine.dialect.name != "sqlite":
            yield
            return
        if not self._writing.acquire(timeout=PATIENCE):
            raise ConflictError("ledger-busy", seconds=PATIENCE)
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def rehearsal(self) -> Iterator[Ledger]:
        """Give a ledger that behaves as this one, and of which nothing is kept: the dry run.

        It holds the write lock while it lasts. Its evidence is not kept either; what else a deed
        does outside the ledger it still does.
        """
        with _plain_errors(), self.engine.connect() as conn:
            conn.execution_options(duban_writes=True)
            with conn.begin() as whole:
                yield _Rehearsal(self.settings, conn)
                whole.rollback()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Rehearsal(Ledger):
    """A ledger inside one transaction that will be rolled back."""

    is_rehearsal = True

    def __init__(self, settings: Settings, conn: sa.Connection) -> None:
        super().__init__(settings, conn.engine)
        self.evidence = Store(self.evidence.root, limit=self.evidence.limit, keeps=False)
        self._conn = conn

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        yield self._conn

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        with _plain_errors(), self._conn.begin_nested():
            work = Transaction(self._conn)
            yield work
            work.finish()


def make_engine(database_url: str) -> sa.Engine:
    """Return the engine for `database_url`; on SQLite one that begins as it means to go on."""
    url = sa.make_url(database_url)
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(url.set(drivername="postgresql+psycopg"))
    engine = sa.create_engine(url, connect_args={"timeout": PATIENCE})
    sa.event.listen(engine, "connect", _prepare)
    sa.event.listen(engine, "begin", _begin)
    return engine


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """Return the journal this SQLite may be trusted with."""
    return "wal" if version >= SAFE_WAL else "delete"


def _prepare(connection: DBAPIConnection, _: object) -> None:
    connection.isolation_level = None  # BEGIN is ours, see _begin
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA journal_mode = {journal_mode()}")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(conn: sa.Connection) -> None:
    """Take the write lock first: a read that turns into a write fails at once when others wait."""
    writes = conn.get_execution_options().get("duban_writes")
    conn.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise refusal(error, table="ledger") from error
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorname", "") == "SQLITE_BUSY":
            raise ConflictError("ledger-busy", seconds=PATIENCE) from error
        raise
