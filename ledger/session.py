"""Open ledger: reading, transactions and rehearsals."""

from __future__ import annotations

from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar, Self

import sqlalchemy as sa
from sqlalchemy.exc import DataError, OperationalError, SQLAlchemyError

from catalog.errors import ConflictError, DubanError
from ledger.proof import chain, seals
from ledger.proof.anchor_checks import require_newest
from ledger.proof.evidence import Store
from ledger.store.changes import Batch, Change, Key, present
from ledger.store.engine import HOME, PATIENCE, WHOLE, hold, make_engine, plain_errors
from ledger.store.failpoint import failpoint
from ledger.store.file_modes import create_database, make_private
from ledger.store.migrate import create, require_revision
from ledger.tables import instant_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ledger.settings import Settings

# Names for the floors above, which speak no SQL.
Connection = sa.Connection
# Raised by a ledger that cannot be opened or read; a survey of several ledgers skips it.
UNREADABLE = DubanError, SQLAlchemyError, OSError
UNUSABLE = OperationalError  # the database does not answer
UNSTORABLE = DataError  # no column takes the value


class Transaction:
    """One unit of work: rows and their history entries are committed together or not at all."""

    def __init__(self, conn: sa.Connection) -> None:
        self._conn = conn
        self._facts = Batch(conn, leases=False)
        self._leases = Batch(conn, leases=True)
        self._drafts: list[chain.Draft] = []
        self._unsealed: set[seals.Place] = set()

    @property
    def conn(self) -> sa.Connection:
        """The connection for queries; it sees everything recorded so far."""
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
        """Apply `changes` and append their entry when the transaction ends.

        `note` adds fields to the payload, none named `changes`.
        """
        fields = {**(note or {}), "changes": [change[:3] for change in changes]}
        payload = chain.canonical(fields)
        self._facts.add(changes)
        self._drafts.append(chain.Draft(instant_text(at), actor, deed, subject, payload))

    def lease(self, changes: Iterable[Change]) -> None:
        """Write transient columns, which are no facts and have no entry.

        The entries of the transaction seal the passwords and tokens among them.
        """
        changes = list(changes)
        self._unsealed.update(seals.sealed(changes))
        self._leases.add(changes)

    def present(self, table: str, keys: Iterable[Key]) -> set[Key]:
        """Return those of `keys` that are already in `table`."""
        return present(self.conn, table, keys)

    def hold(self, *words: str) -> None:
        """Take the lock named by `words` until the transaction ends."""
        hold(self._conn, *words)

    def finish(self) -> None:
        """Write the rows, then the entries: last, so that their lock is held briefly."""
        conn = self.conn
        if self._drafts and self._unsealed:
            self._drafts = seals.seal(conn, self._drafts, self._unsealed)
        if self._drafts and conn.dialect.name == "postgresql":
            # A query plan cached while a table was empty would scan it after it has grown.
            conn.exec_driver_sql("SET LOCAL enable_seqscan = off")
            conn.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")  # check before taking the lock
        chain.append(conn, self._drafts)


class Ledger:
    """An office's database, of this version's schema."""

    is_rehearsal: ClassVar[bool] = False

    def __init__(self, settings: Settings, engine: sa.Engine) -> None:
        self.settings = settings
        self.engine = engine
        engine.update_execution_options(**{HOME: settings.home})
        self._writing = Lock()
        self.evidence = Store(settings.home / "evidence", limit=settings.evidence_limit)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Open the ledger of `settings`; create its home and tables where there are none.

        Raises ConflictError for a ledger of another version's schema.
        """
        settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_private(settings)
        create_database(settings)
        engine = make_engine(settings.database_url)
        with plain_errors():
            create(engine, settings.home)
        return cls(settings, engine)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Provide a connection that sees a snapshot and whose writes are discarded."""
        with plain_errors(), self.engine.connect() as conn:
            if conn.dialect.name == "postgresql":
                conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield conn

    @contextmanager
    def transaction(self, *, alone: bool = False, anchored: bool = True) -> Iterator[Transaction]:
        """Provide a Transaction and commit it; an exception inside rolls everything back.

        A deed that decides by rows it cannot lock, those of a whole plan, must run `alone`. Only
        what restores the ledger, or decides about its anchors, does without being `anchored`.
        """
        with self._turn(), self._write(alone=alone, anchored=anchored) as conn:
            work = Transaction(conn)
            yield work
            work.finish()
            failpoint("before-commit")
        failpoint("after-commit")

    @contextmanager
    def _write(self, *, alone: bool, anchored: bool = True) -> Iterator[sa.Connection]:
        """Provide the connection of every write, and commit it.

        Raises ConflictError where the history lacks the newest anchor of the home, unless the
        write need not be `anchored`, and where another version has upgraded the ledger meanwhile.
        """
        with plain_errors(), self.engine.connect() as conn:
            conn.execution_options(duban_writes=True)
            with conn.begin():
                hold(conn, WHOLE, shared=not alone)
                require_revision(conn, self.settings.home)
                if anchored:
                    require_newest(conn, self.settings.home)
                yield conn

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Serialise the writes of this process's threads on SQLite.

        SQLite itself retries without a queue, so that an unlucky thread could starve.
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
        """Provide a ledger whose deeds are committed together, or none where one raises."""
        # Alone, because its deeds take their row locks one after the other.
        with self._turn(), self._write(alone=True) as conn:
            yield _NestedLedger(self.settings, conn)
            failpoint("before-commit")
        failpoint("after-commit")

    @contextmanager
    def rehearsal(self) -> Iterator[Ledger]:
        """Provide a ledger for a dry run: it behaves as this one and is rolled back.

        It holds the write lock meanwhile. Evidence is not kept; other effects of a deed outside
        the ledger do happen.
        """
        with self._write(alone=True) as conn:
            yield _Rehearsal(self.settings, conn)
            conn.rollback()

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _NestedLedger(Ledger):
    """A ledger inside one transaction: its own are nested in it, and its readers see them."""

    def __init__(self, settings: Settings, conn: sa.Connection) -> None:
        super().__init__(settings, conn.engine)
        self._conn = conn

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        yield self._conn

    @contextmanager
    def transaction(self, *, alone: bool = False, anchored: bool = True) -> Iterator[Transaction]:
        del alone, anchored  # the outer transaction is
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


class _Rehearsal(_NestedLedger):
    """A ledger inside one transaction that will be rolled back."""

    is_rehearsal = True

    def __init__(self, settings: Settings, conn: sa.Connection) -> None:
        super().__init__(settings, conn)
        self.evidence = Store(self.evidence.root, limit=self.evidence.limit, keeps=False)
