"""The open ledger: where it lies, how it is read, and the only commit there is."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar, Self

import sqlalchemy as sa
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError

from catalog.errors import ConflictError, DubanError
from ledger.proof import chain
from ledger.proof.evidence import Store
from ledger.store.changes import Batch, Change, Key, present
from ledger.store.engine import PATIENCE, hold, make_engine, plain_errors
from ledger.store.failpoint import failpoint
from ledger.store.migrate import upgrade
from ledger.tables import instant_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ledger.settings import Settings

# Names for the floors above, which speak no SQL.
Connection = sa.Connection
# Raised by a ledger that cannot be opened or read; whoever looks at several goes on without it.
UNREADABLE = DubanError, SQLAlchemyError, OSError
UNUSABLE = OperationalError  # the database does not answer
UNSTORABLE = DataError  # no column takes the value
WHOLE = "ledger"  # what every transaction shares, and one that must be alone holds


class Transaction:
    """One unit of work: rows and their history entries become true together or not at all."""

    def __init__(self, conn: sa.Connection) -> None:
        self._conn = conn
        self._facts = Batch(conn, leases=False)
        self._leases = Batch(conn, leases=True)
        self._drafts: list[chain.Draft] = []

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
        payload = chain.canonical({**note, **told} if note else told)
        self._facts.add(changes)
        self._drafts.append(chain.Draft(instant_text(at), actor, deed, subject, payload))

    def lease(self, changes: Iterable[Change]) -> None:
        """Write transient columns: who tries now and when next is no fact and has no entry."""
        self._leases.add(changes)

    def present(self, table: str, keys: Iterable[Key]) -> set[Key]:
        """Return those of `keys` that `table` holds already, so that only new rows are made."""
        return present(self.conn, table, keys)

    def hold(self, *words: str) -> None:
        """Keep every other transaction that holds `words` waiting until this one ends."""
        hold(self._conn, *words)

    def finish(self) -> None:
        """Write what waits, then the entries, last: their lock is held for the shortest time."""
        conn = self.conn
        if self._drafts and conn.dialect.name == "postgresql":
            # A plan made while a table was empty scans it, and is kept when it has grown.
            conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
            conn.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")  # before the lock, not under it
        chain.append(conn, self._drafts)


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
        with plain_errors():
            upgrade(engine)
        return cls(settings, engine)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Give a connection that sees one moment, and whose writes are thrown away."""
        with plain_errors(), self.engine.connect() as conn:
            if conn.dialect.name == "postgresql":
                conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield conn

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Iterator[Transaction]:
        """Give a Transaction and commit it; anything raised inside leaves nothing behind.

        One that decides by rows it cannot lock, those of a whole plan, asks to be `alone`.
        """
        with plain_errors(), self._turn(), self.engine.connect() as conn:
            conn.execution_options(duban_writes=True)
            with conn.begin():
                hold(conn, WHOLE, shared=not alone)
                work = Transaction(conn)
                yield work
                work.finish()
                failpoint("before-commit")
            failpoint("after-commit")

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
    def together(self) -> Iterator[Ledger]:
        """Give a ledger whose deeds become true together at its end, or none where one raises."""
        with plain_errors(), self._turn(), self.engine.connect() as conn:
            conn.execution_options(duban_writes=True)
            with conn.begin():
                hold(conn, WHOLE)  # its deeds lock rows one after the other
                yield _Within(self.settings, conn)
                failpoint("before-commit")
            failpoint("after-commit")

    @contextmanager
    def rehearsal(self) -> Iterator[Ledger]:
        """Give a ledger that behaves as this one, and of which nothing is kept: the dry run.

        It holds the write lock while it lasts. Its evidence is not kept either; what else a deed
        does outside the ledger it still does.
        """
        with plain_errors(), self.engine.connect() as conn:
            conn.execution_options(duban_writes=True)
            with conn.begin() as whole:
                hold(conn, WHOLE)
                yield _Rehearsal(self.settings, conn)
                whole.rollback()

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Within(Ledger):
    """A ledger inside one transaction: its own are parts of that, and its readers see them."""

    def __init__(self, settings: Settings, conn: sa.Connection) -> None:
        super().__init__(settings, conn.engine)
        self._conn = conn

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        yield self._conn

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Iterator[Transaction]:
        del alone  # the whole it is part of is
        with plain_errors(), self._conn.begin_nested():
            work = Transaction(self._conn)
            yield work
            work.finish()

    @contextmanager
    def together(self) -> Iterator[Ledger]:
        with self._conn.begin_nested():
            yield self

    @contextmanager
    def rehearsal(self) -> Iterator[Ledger]:
        with self._conn.begin_nested() as part:
            yield _Rehearsal(self.settings, self._conn)
            part.rollback()


class _Rehearsal(_Within):
    """A ledger inside one transaction that will be rolled back."""

    is_rehearsal = True

    def __init__(self, settings: Settings, conn: sa.Connection) -> None:
        super().__init__(settings, conn)
        self.evidence = Store(self.evidence.root, limit=self.evidence.limit, keeps=False)
