"""Schema of a ledger: its revision, and the migrations of Alembic, configured in code."""

from __future__ import annotations

import functools
from importlib import resources
from threading import Lock
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from catalog.errors import ConflictError
from ledger.store.engine import WHOLE, hold
from ledger.store.failpoint import failpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alembic.config import Config

LOCK = 0x6475_6261_6F  # the advisory lock of a migration on PostgreSQL
PLACE = "ledger:migrations"
DENIED = "42501"  # insufficient privilege
ONE_AT_A_TIME = Lock()  # Alembic keeps the migration under way in a global of its own
_REVISION = sa.text("SELECT version_num FROM alembic_version")


@functools.cache
def revisions() -> tuple[str, ...]:
    """Return the revisions this code knows, oldest first: the numbers of its migrations."""
    versions = resources.files("ledger").joinpath("migrations", "versions").iterdir()
    return tuple(sorted(f.name[:4] for f in versions if f.name.endswith(".py")))


def newest() -> str:
    """Return the revision of this code."""
    return revisions()[-1]


def current(conn: sa.Connection) -> str | None:
    """Return the revision the database is at, None for an empty one."""
    return _revision(conn) if sa.inspect(conn).has_table("alembic_version") else None


def require_revision(conn: sa.Connection, home: Path) -> None:
    """Raise ConflictError, which names the remedy, where the tables are of another revision."""
    revision = _revision(conn)
    if revision != newest():
        raise _refusal(revision, home)


def known(conn: sa.Connection, home: Path) -> str | None:
    """Return the revision of the tables, None where there are none yet.

    Raises ConflictError for a revision that this code does not know, and for tables without one.
    """
    revision = current(conn)
    is_new = revision is None and not sa.inspect(conn).has_table("entries")
    if not is_new and revision not in revisions():
        raise _refusal(revision, home)
    return revision


def create(engine: sa.Engine, home: Path) -> None:
    """Create the tables of a new ledger; of one that is there, require this code's revision."""
    with engine.connect() as conn:
        if known(conn, home) is not None:
            require_revision(conn, home)
            return
    upgrade(engine)


def upgrade(
    engine: sa.Engine,
    *,
    revision: str = "head",
    before: Callable[[sa.Connection], None] = lambda _: None,
) -> None:
    """Upgrade the tables to `revision`, by default this code's, in one transaction.

    Of several processes at once one does it; `before` is called, while nobody else writes, where
    there is something to do. Alembic is slow to import, so a ledger up to date does without it.
    """
    with engine.connect() as conn:
        if current(conn) == newest():
            return
    from alembic import command  # noqa: PLC0415  slow to import

    def move(config: Config) -> None:
        conn = config.attributes["connection"]
        if current(conn) != newest():
            before(conn)
            command.upgrade(config, revision)
            failpoint("migrated")

    _run(engine, move)


def downgrade(engine: sa.Engine, revision: str = "base") -> None:
    """Downgrade the tables to `revision`; `base` removes them with their rows."""
    from alembic import command  # noqa: PLC0415  slow to import

    _run(engine, lambda config: command.downgrade(config, revision))


def _refusal(revision: str | None, home: Path) -> ConflictError:
    key = "schema-older" if revision in revisions() else "schema-newer"
    return ConflictError(key, home=home, revision=revision or "-", newest=newest())


def _revision(conn: sa.Connection) -> str | None:
    revision: str | None = conn.scalar(_REVISION)
    return revision


def _run(engine: sa.Engine, move: Callable[[Config], None]) -> None:
    """Run `move` in one transaction while no other migration runs."""
    from alembic.config import Config  # noqa: PLC0415  slow to import

    config = Config()
    config.set_main_option("script_location", PLACE)
    with ONE_AT_A_TIME, engine.connect() as conn:
        conn.execution_options(duban_writes=True)
        with conn.begin():
            if conn.dialect.name == "postgresql":
                conn.exec_driver_sql("SET LOCAL lock_timeout = 0")  # a large ledger takes long
                conn.exec_driver_sql("SET LOCAL statement_timeout = 0")
                conn.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
                conn.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
                _make_schema(conn)
            hold(conn, WHOLE)
            config.attributes["connection"] = conn
            move(config)


def _make_schema(conn: sa.Connection) -> None:
    """Create the schema of the connection's search path where it does not exist.

    Raises ConflictError where the database user may not.
    """
    query = "SELECT current_setting('search_path'), current_user"
    schema, user = conn.exec_driver_sql(query).one()
    if conn.scalar(sa.select(sa.func.current_schema())) is not None:
        return
    try:
        conn.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != DENIED:
            raise
        raise ConflictError("schema-denied", schema=schema, user=user) from None
