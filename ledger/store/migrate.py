"""Migrations: Alembic, configured in code."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from catalog.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.config import Config

LOCK = 0x6475_6261_6F  # the advisory lock of a migration on PostgreSQL
PLACE = "ledger:migrations"
DENIED = "42501"  # insufficient privilege


def newest() -> str:
    """Return the revision of this code: the highest number among the migrations."""
    versions = resources.files("ledger").joinpath("migrations", "versions").iterdir()
    return max(f.name[:4] for f in versions if f.name.endswith(".py"))


def current(conn: sa.Connection) -> str | None:
    """Return the revision the database is at, None for an empty one."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    revision: str | None = conn.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return revision


def upgrade(engine: sa.Engine) -> None:
    """Upgrade the tables to this code's revision; safe for several processes at once.

    Alembic is slow to import, so it is not imported for a ledger that is up to date.
    """
    with engine.connect() as conn:
        if current(conn) == newest():
            return
    from alembic import command  # noqa: PLC0415  slow to import

    _run(engine, lambda config: command.upgrade(config, "head"))


def downgrade(engine: sa.Engine, revision: str = "base") -> None:
    """Downgrade the tables to `revision`; `base` removes them with their rows."""
    from alembic import command  # noqa: PLC0415  slow to import

    _run(engine, lambda config: command.downgrade(config, revision))


def _run(engine: sa.Engine, move: Callable[[Config], None]) -> None:
    """Run `move` in one transaction while no other migration runs."""
    from alembic.config import Config  # noqa: PLC0415  slow to import

    config = Config()
    config.set_main_option("script_location", PLACE)
    with engine.connect() as conn:
        conn.execution_options(duban_writes=True)
        with conn.begin():
            if conn.dialect.name == "postgresql":
                conn.exec_driver_sql("SET LOCAL lock_timeout = 0")  # a large ledger takes long
                conn.exec_driver_sql("SET LOCAL statement_timeout = 0")
                conn.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
                _make_schema(conn)
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
