"""Upgrade of a ledger to this version's schema, after a backup of its own."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from catalog.errors import InvalidError
from ledger.backup import write_seen
from ledger.proof.anchor_checks import require_newest
from ledger.session import Ledger
from ledger.store.engine import make_engine, plain_errors
from ledger.store.failpoint import failpoint
from ledger.store.migrate import current, known, newest, upgrade
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ledger.settings import Settings

FOLDER = "backups"  # in the home


class Step(NamedTuple):
    """The way of a ledger from the revision it has, None where it has no tables yet, to `newest`.

    `backup` is the file in which its state before is, or would be, kept; None where nothing is
    to be done.
    """

    revision: str | None
    newest: str
    backup: Path | None = None


def pending(settings: Settings, at: datetime, *, anchored: bool = True) -> Step:
    """Return what `upgraded` would do, without changing anything.

    Raises ConflictError for a ledger of a newer version, and for one that is due and lacks the
    newest anchor of its home, unless it need not be `anchored`.
    """
    revision = _revision(settings, anchored=anchored)
    is_due = revision is not None and revision != newest()
    return Step(revision, newest(), _place(settings, revision, at) if is_due else None)


def upgraded(settings: Settings, at: datetime, *, anchored: bool = True) -> Step:
    """Back the ledger up and move its tables to this version's schema, or change nothing.

    Of several at once one does it. A ledger that does not exist stays so. Raises what `pending`
    does, and InvalidError where the backup cannot be written.
    """
    step = pending(settings, at, anchored=anchored)
    if step.backup is None:
        return step
    made: list[Path] = []
    engine = make_engine(settings.database_url)
    ledger = Ledger(settings, engine)

    def before(conn: sa.Connection) -> None:
        made.append(_back_up(conn, ledger, at))
        failpoint("backed-up")

    try:
        with plain_errors():
            upgrade(engine, before=before)
    finally:
        engine.dispose()
    return step._replace(backup=made[0] if made else None)


def _revision(settings: Settings, *, anchored: bool) -> str | None:
    """Return the revision of the ledger of `settings`; do not create its database."""
    url = sa.make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return None
    engine = make_engine(settings.database_url)
    try:
        with plain_errors(), engine.connect() as conn:
            revision = known(conn, settings.home)
            if anchored and revision not in {None, newest()}:
                require_newest(conn, settings.home)
            return revision
    finally:
        engine.dispose()


def _place(settings: Settings, revision: str | None, at: datetime) -> Path:
    name = f"before-{newest()}-from-{revision}-{at:%Y%m%dT%H%M%SZ}.zip"
    return settings.home / FOLDER / name


def _back_up(conn: sa.Connection, ledger: Ledger, at: datetime) -> Path:
    """Write the ledger as `conn` sees it to the disk, whole, before anything is changed."""
    file = _place(ledger.settings, current(conn), at)
    part = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for rest in file.parent.glob(".before-*.part"):  # of an upgrade that was killed
            rest.unlink()
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            tables = {table.name: table for table in _tables(conn)}
            write_seen(conn, ledger, out, at=at, tables=tables, engine=f"<{version('duban')}")
            out.flush()
            os.fsync(out.fileno())
        part.replace(file)
        folder = os.open(file.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    except OSError as error:
        raise InvalidError("file-unwritable", file=file, problem=error.strerror) from None
    return file


def _tables(conn: sa.Connection) -> Iterator[sa.Table]:
    """Yield the tables as they are in the database, of whatever revision.

    A column that is still there has the type it has now; of the others the stored value is taken.
    """
    inspector, metadata = sa.inspect(conn), sa.MetaData()
    for name in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        keys = inspector.get_pk_constraint(name)["constrained_columns"]
        types = {c.name: c.type for c in TABLES[name].c} if name in TABLES else {}
        stored = {column["name"]: column["type"] for column in inspector.get_columns(name)}
        columns = [
            sa.Column(column, types.get(column, type_), primary_key=column in keys)
            for column, type_ in stored.items()
        ]
        yield sa.Table(name, metadata, *columns)
