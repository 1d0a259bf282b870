"""Ledgers of tests: a file in the home on SQLite, a database of their own on PostgreSQL."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from ledger.offices.installation import load_settings
from ledger.session import Ledger
from ledger.store import bulk_rows
from ledger.store.engine import make_engine
from ledger.store.migrate import upgrade
from ledger.tables import TABLES
from tests.postgresql import CARELESS, server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.settings import Settings
    from tests.postgresql import Server

# For tests of one kind of database only; the other kind has its own where it needs one.
ON_SQLITE, ON_POSTGRESQL = (
    pytest.mark.parametrize("kind", [name], indirect=True, scope="session")
    for name in ("sqlite", "postgresql")
)
EMPTY = "empty"  # the database that all others are copied from: migrated and empty


class OnSqlite:
    """Each ledger is a file in its home."""

    name = "sqlite"

    def environ(self, home: Path, **more: str) -> dict[str, str]:
        """Return the settings of an installation in `home`, as its environment gives them."""
        return {"DUBAN_HOME": str(home), **more}

    def settings(self, home: Path, **more: str) -> Settings:
        return load_settings(self.environ(home, **more))

    def open(self, home: Path, **more: str) -> Ledger:
        """Open the ledger of `home`; a new one is a copy, because migrating is slow."""
        settings = self.settings(home, **more)
        url = sa.make_url(settings.database_url)
        if url.get_backend_name() == "sqlite" and not (file := Path(url.database or "")).exists():
            settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
            file.write_bytes(_empty_file())
        return Ledger.open(settings)

    @contextmanager
    def connect(self, home: Path) -> Iterator[sa.Connection]:
        """Connect to the database of `home` without the ledger, as its owner can."""
        engine = make_engine(self.settings(home).database_url)
        with engine.begin() as conn:
            yield conn
        engine.dispose()

    @contextmanager
    def locked(self, home: Path) -> Iterator[None]:
        """Lock the ledger of `home` against all other writers."""
        engine = make_engine(self.settings(home).database_url)
        with engine.connect() as conn:
            conn.execution_options(duban_writes=True)
            with conn.begin():
                if self.name == "postgresql":
                    conn.exec_driver_sql("LOCK TABLE entries IN EXCLUSIVE MODE")
                yield
        engine.dispose()

    def fleeting(self, home: Path) -> Ledger:
        """Open a ledger in memory, for one process only."""
        settings = replace(self.settings(home), database_url="sqlite://")
        engine = make_engine(settings.database_url)
        conn: Any = engine.raw_connection()
        conn.driver_connection.deserialize(_empty_file())
        conn.close()
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        return Ledger(settings, engine)

    def adopt(self, lived: Path) -> None:
        """Take over a home lived on SQLite, so that many days of mail are not lived twice."""

    def copy(self, lived: Path, home: Path) -> None:
        """Make `home` a copy of a home whose ledger is closed, without the mail it sent."""
        shutil.copytree(lived, home, ignore=shutil.ignore_patterns("outbox"))

    @contextmanager
    def while_it_lasts(self) -> Iterator[None]:
        """Drop databases made inside at the end; files lie in the test's own folder."""
        yield


class OnPostgresql(OnSqlite):
    """Each ledger is a database of one server, named for its home."""

    name = "postgresql"

    def __init__(self, running: Server) -> None:
        self.server = running
        self._databases: list[str] = []

    def environ(self, home: Path, **more: str) -> dict[str, str]:
        if (name := _name(home)) not in self._databases:
            self._make(name, like=EMPTY)
        return {**super().environ(home), "DUBAN_DATABASE_URL": self.server.url(name), **more}

    def fleeting(self, home: Path) -> Ledger:
        return self.open(home)

    def adopt(self, lived: Path) -> None:
        if _name(lived) in self._databases:
            return
        sqlite = make_engine(OnSqlite().settings(lived).database_url)
        with sqlite.connect() as source, self.connect(lived) as conn:
            for name, values in rows(source).items():
                if values:
                    bulk_rows.insert(conn, TABLES[name], names=TABLES[name].c.keys(), rows=values)
        sqlite.dispose()

    def copy(self, lived: Path, home: Path) -> None:
        super().copy(lived, home)
        if (name := _name(home)) in self._databases:
            self.server.drop(name)
            self._databases.remove(name)
        self._make(name, like=_name(lived))

    @contextmanager
    def while_it_lasts(self) -> Iterator[None]:
        before = len(self._databases)
        yield
        while len(self._databases) > before:
            self.server.drop(self._databases.pop())

    def _make(self, name: str, *, like: str) -> None:
        self.server.create(name, like=like)
        self._databases.append(name)


@contextmanager
def on_postgresql(*, careless: bool = True) -> Iterator[OnPostgresql]:
    """Yield the databases of a server that runs meanwhile; only a careful one may be killed."""
    options = CARELESS if careless else {**CARELESS, "synchronous_commit": "on"}
    with server(**options) as running:
        running.create(EMPTY)
        engine = make_engine(running.url(EMPTY))
        upgrade(engine)
        engine.dispose()
        yield OnPostgresql(running)


def tamper(conn: sa.Connection, *statements: str) -> None:
    """Run statements without the triggers, as the owner of the database could."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("ALTER TABLE entries DISABLE TRIGGER USER")
    else:
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        for name in conn.exec_driver_sql(triggers).scalars().all():
            conn.exec_driver_sql(f"DROP TRIGGER {name}")
    for statement in statements:
        assert conn.exec_driver_sql(statement).rowcount > 0


def rows(conn: sa.Connection) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of the database by table."""
    by_table = {}
    for name, table in TABLES.items():
        query = sa.select(table).order_by(*table.primary_key)
        by_table[name] = [tuple(row) for row in conn.execute(query)]
    return by_table


@lru_cache(maxsize=1)
def _empty_file() -> bytes:
    """Return the file of an empty, migrated ledger on SQLite."""
    engine = make_engine("sqlite://")
    upgrade(engine)
    conn: Any = engine.raw_connection()
    content: bytes = conn.driver_connection.serialize()
    engine.dispose()
    return content


def _name(home: Path) -> str:
    return f"home_{sha256(str(home).encode()).hexdigest()[:16]}"
