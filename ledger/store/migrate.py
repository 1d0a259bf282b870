"""How the tables come to be as `tables.py` says: Alembic, set up in code."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from catalog.errors import ConflictError

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.config import Config

LOCK = 0x6475_6261_6F  # the advisory lock of whoever migrates on PostgreSQL
PLACE = "ledger:migrations"
DENIED = "42501"  # insufficient privilege


def newest() -> str:
    """Return the revision this code is written for: the highest number among the migrations."""
    versions = resources.files("ledger").joinpath("migrations", "versions").iterdir()
    return max(f.name[:4] for f in versions if f.name.endswith(".py"))


def current(conn: sa.Connection) -> str | None:
    """Return the revision the database is at, None for an empty one."""
    if not sa.inspect(conn).has_table("alembic_version"):
        return None
    found: str | None = conn.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return found


def upgrade(engine: sa.Engine) -> None:
    """Bring the tables up to date; several processes may ask at once, and nothing is done twice.

    Alembic takes a while to import, so a ledger that is up to date does not meet it.
    """
    with engine.connect() as conn:
        if current(conn) == newest():
            return
    from alembic import command  # noqa: PLC0415

    _alone(engine, lambda config: command.upgrade(config, "head"))


def downgrade(engine: sa.Engine, revision: str = "base") -> None:
    """Take the tables back to `revision`; `base` removes them with all they hold."""
    from alembic import command  # noqa: PLC0415

    _alone(engine, lambda config: command.downgrade(config, revision))


def _alone(engine: sa.Engine, move: Callable[[Config], None]) -> None:
    """Run `move` in one transaction that nobody else writes beside."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", PLACE)
    with engine.connect() as conn:
        conn.execution_options(duban_writes=True)
        with conn.begin():
            if conn.dialect.name == "postgresql":
                conn.exec_driver_sql("SET LOCAL lock_timeout = 0")  # a large ledger takes its time
                conn.exec_driver_sql("SET LOCAL statement_timeout = 0")
                conn.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
                _make_schema(conn)
            config.attributes["connection"] = conn
            move(config)


def _make_schema(conn: sa.Connection) -> None:
    """Make the schema the connection looks in, where it is not there yet.

    ConflictError where this user may not.
    """
    asked = "SELECT current_setting('search_path'), current_user"
    schema, user = conn.exec_driver_sql(asked).one()
    if conn.scalar(sa.select(sa.func.current_schema())) is not None:
        return
    try:
        conn.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", None) != DENIED:
            raise
        raise ConflictError("schema-denied", schema=schema, user=user) from None
