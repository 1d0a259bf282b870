"""Modes of the files of a home: what duban keeps is for its owner alone."""

from __future__ import annotations

import logging
import stat
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from ledger.settings import Settings

log = logging.getLogger(__name__)

OTHERS = 0o077
# What lies in a home beside the database; a folder hides all that is in it.
KEPT = (
    *("anchors*.jsonl", "bundle-key", "evidence", "jurisdictions"),
    *("office.toml", "setup-browser.json", "setup-code", "setup-code.json"),
    *("log", "outbox", "prefect", "stamps"),
)


def make_private(settings: Settings) -> None:
    """Take the database and the files of the home from everybody but their owner.

    A home that existed before may be open to others. What another user owns stays as it is, and
    `duban doctor` reports it.
    """
    for path in readable(settings):
        with suppress(FileNotFoundError, PermissionError):  # gone meanwhile, or another's
            path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)
            log.warning("%s could be read by others; now only its owner can", path)


def readable(settings: Settings) -> list[Path]:
    """Return the database and the files of the home that others may read or change."""
    database, home = _database(settings), settings.home
    beside = chain.from_iterable(home.glob(pattern) for pattern in KEPT) if _is_open(home) else ()
    files = database.parent.glob(f"{database.name}*") if database else ()
    own = [path for path in files if _is_open(path) and _is_open(path.parent)]
    return [*own, *(path for path in beside if _is_open(path))]


def create_database(settings: Settings) -> None:
    """Create the file of a new database before SQLite does, which asks nobody who may read it."""
    path = _database(settings)
    if path and not path.exists():
        with suppress(OSError):  # SQLite says what is wrong with the place
            path.touch(mode=0o600)


def _database(settings: Settings) -> Path | None:
    url = sa.make_url(settings.database_url)
    is_file = url.get_backend_name() == "sqlite" and url.database
    return Path(url.database or "") if is_file else None


def _is_open(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & OTHERS)
    except FileNotFoundError:  # a journal comes and goes
        return False
