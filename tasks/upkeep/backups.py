"""Backups of a home: those that lie in it, when the last was taken, and one taken now.

Backups taken elsewhere count too: each leaves a note in the home. One runs at a time, whichever
process began it; a lock of the operating system ends with its process, so one that was
interrupted keeps no other from beginning.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import logging
from contextlib import suppress
from threading import Thread
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from catalog.errors import ConflictError, DubanError
from ledger import backup
from ledger.proof.verify import Fault
from ledger.store.failpoint import failpoint
from ledger.upgrade import FOLDER

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ledger.session import Ledger
    from ledger.settings import Settings

RECENT = dt.timedelta(days=2)  # a nightly backup may be missed once
LOCK = ".lock"
NOTE = "last.json"
FAILURE = "failed.json"

log = logging.getLogger(__name__)


class Copy(NamedTuple):
    """A backup that lies in the home: the instant it was finished, and its size in bytes."""

    name: str
    at: dt.datetime
    size: int


class Last(NamedTuple):
    """The last backup, wherever it lies; `faults` are files of evidence that it lacks."""

    name: str
    at: dt.datetime
    faults: int = 0


class Running(NamedTuple):
    """A backup being written: since when, and the bytes written so far."""

    since: dt.datetime
    size: int


class Failure(NamedTuple):
    """Why the last backup of the page came to nothing."""

    at: dt.datetime
    reason: str


def folder(settings: Settings) -> Path:
    """Return the folder of backups in the home."""
    return settings.home / FOLDER


def listed(settings: Settings) -> list[Copy]:
    """Return the backups in the home, the last one first."""
    copies = []
    for path in folder(settings).glob("[!.]*.zip"):
        with suppress(FileNotFoundError):  # removed meanwhile
            stat = path.stat()
            copies.append(Copy(path.name, _instant(stat.st_mtime), stat.st_size))
    return sorted(copies, key=lambda each: each.at, reverse=True)


def last(settings: Settings) -> Last | None:
    """Return the last backup that is known of, in the home or elsewhere."""
    known = [Last(copy.name, copy.at) for copy in listed(settings)[:1]]
    if note := _read(settings, NOTE):
        known.insert(0, Last(note["name"], dt.datetime.fromisoformat(note["at"]), note["faults"]))
    return max(known, key=lambda each: each.at, default=None)


def failure(settings: Settings) -> Failure | None:
    """Return why the last backup of the page failed, None once another has succeeded."""
    note = _read(settings, FAILURE)
    return Failure(dt.datetime.fromisoformat(note["at"]), note["reason"]) if note else None


def running(settings: Settings) -> Running | None:
    """Return the backup that is being written into the home."""
    place = folder(settings) / LOCK
    with suppress(FileNotFoundError), place.open(encoding="utf-8") as lock:
        if not _is_free(lock):
            text = lock.read() or place.stat().st_mtime
            since = dt.datetime.fromisoformat(text) if isinstance(text, str) else _instant(text)
            return Running(since, sum(part.stat().st_size for part in _parts(settings)))
    return None


def is_interrupted(settings: Settings) -> bool:
    """Tell whether a backup was begun and never finished: its process was ended."""
    return bool(_parts(settings)) and running(settings) is None


def start(
    ledger: Ledger, at: dt.datetime, clock: Callable[[], dt.datetime], *, actor: str
) -> Thread:
    """Begin a backup into the home, in a thread of its own; ConflictError while one runs.

    What an interrupted one left is removed.
    """
    settings = ledger.settings
    folder(settings).mkdir(mode=0o700, exist_ok=True)
    lock = (folder(settings) / LOCK).open("a+", encoding="utf-8")
    if not _is_free(lock):
        lock.close()
        raise ConflictError("backup-running")
    for part in _parts(settings):
        part.unlink(missing_ok=True)
    lock.truncate(0)
    lock.write(at.isoformat())
    lock.flush()
    with ledger.transaction() as tx:
        tx.record("backup-begun", "ledger", at=at, actor=actor)
    file = folder(settings) / f"duban-{at:%Y%m%d-%H%M%S}.zip"
    thread = Thread(
        target=_write_file, args=(ledger, file, lock, clock), name="backup", daemon=True
    )
    thread.start()
    return thread


def _write_file(
    ledger: Ledger, file: Path, lock: IO[str], clock: Callable[[], dt.datetime]
) -> None:
    """Write the backup, and note that it is there or why it is not; then free the lock."""
    settings, part, faults = ledger.settings, file.with_name(f".{file.name}.part"), list[Fault]()
    try:
        with part.open("xb") as out:
            part.chmod(0o600)
            backup.write(ledger, out, at=clock(), on_fault=faults.append)
            failpoint("backup-written")
        part.replace(file)
        note(settings, file.name, at=clock(), faults=len(faults))
        (folder(settings) / FAILURE).unlink(missing_ok=True)
    except (OSError, DubanError) as error:
        log.exception("a backup failed")
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        with suppress(OSError):
            part.unlink(missing_ok=True)
            _write(settings, FAILURE, {"at": clock().isoformat(), "reason": reason})
    finally:
        lock.close()


def _is_free(lock: IO[str]) -> bool:
    """Take the lock if nobody holds it; it is held as long as the file is open."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _parts(settings: Settings) -> list[Path]:
    return list(folder(settings).glob(".duban-*.part"))


def note(settings: Settings, name: str, *, at: dt.datetime, faults: int) -> None:
    """Note in the home that the backup `name` was finished at the instant `at`."""
    _write(settings, NOTE, {"name": name, "at": at.isoformat(), "faults": faults})


def _read(settings: Settings, name: str) -> dict[str, Any] | None:
    try:
        document: dict[str, Any] = json.loads((folder(settings) / name).read_bytes())
    except (FileNotFoundError, ValueError):
        return None
    return document


def _write(settings: Settings, name: str, document: dict[str, Any]) -> None:
    """Write a note whole or not at all."""
    folder(settings).mkdir(mode=0o700, exist_ok=True)
    draft = folder(settings) / f".{name}"
    draft.write_text(json.dumps(document), encoding="utf-8")
    draft.replace(folder(settings) / name)


def _instant(seconds: float) -> dt.datetime:
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC)
