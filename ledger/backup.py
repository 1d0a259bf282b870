"""Backup: a whole ledger in one zip, and its restoration on SQLite or PostgreSQL.

It contains the hashes of people's secrets, so it is as confidential as the ledger.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from contextlib import suppress
from datetime import date, datetime
from importlib.metadata import version
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from catalog.errors import ConflictError, InvalidError
from ledger.proof.anchors import anchor_file, anchors
from ledger.proof.chain import CHUNK, canonical, head
from ledger.store import bulk_rows
from ledger.store.engine import require_text
from ledger.store.migrate import current, newest
from ledger.tables import TABLES, Instant, Names, instant_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from ledger.proof.verify import Fault
    from ledger.session import Ledger

FORMAT = 1
MANIFEST = "manifest.json"
ANCHORS = "anchors.jsonl"
EVIDENCE = "evidence/"
PIECE = 1024 * 1024


class Manifest(NamedTuple):
    """Manifest of a backup: `members` has the SHA-256 of each file in it."""

    format: int
    engine: str
    revision: str
    made_at: str
    entries: int
    head: str
    members: dict[str, str]


class Older(NamedTuple):
    """An anchor on file that counts more entries than a backup has."""

    on: date
    entries: int


def write(
    ledger: Ledger,
    file: IO[bytes],
    *,
    at: datetime,
    progress: Callable[[int], None] = lambda _: None,
    on_fault: Callable[[Fault], None] = lambda _: None,
) -> Manifest:
    """Write a snapshot of the ledger, with its evidence and anchors; others may go on working.

    `progress` gets the number of further rows, every few thousand; `on_fault` each file of
    evidence that is missing, or not the one that was recorded.
    """
    with ledger.read() as conn:
        manifest = write_seen(conn, ledger, file, at=at, progress=progress)
        written = manifest.members
        for fault in ledger.evidence.faults(conn, digest_of=lambda s: written.get(EVIDENCE + s)):
            on_fault(fault)
    return manifest


def write_seen(
    conn: sa.Connection,
    ledger: Ledger,
    file: IO[bytes],
    *,
    at: datetime,
    tables: Mapping[str, sa.Table] = TABLES,
    engine: str = version("duban"),
    progress: Callable[[int], None] = lambda _: None,
) -> Manifest:
    """Write what `conn` sees of `tables`, with the ledger's evidence and anchors.

    `engine` names the version of duban that can restore it.
    """
    members: dict[str, str] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, table in tables.items():
            member = f"tables/{name}.jsonl"
            members[member] = _put(archive, member, _lines(conn, table, progress))
        for path in ledger.evidence.files():  # stored before its entry, so none is missing
            member = f"{EVIDENCE}{path.name}"
            with suppress(_UnreadableError):  # then it is a fault below
                members[member] = _put(archive, member, _pieces(path))
        if anchor_file(ledger.settings.home).exists():
            members[ANCHORS] = _put(archive, ANCHORS, _pieces(anchor_file(ledger.settings.home)))
        entries, last = head(conn)
        revision, made_at = current(conn) or newest(), instant_text(at)
        manifest = Manifest(FORMAT, engine, revision, made_at, entries, last, members)
        archive.writestr(MANIFEST, canonical(manifest._asdict()))
    return manifest


def read_manifest(file: Path) -> Manifest:
    """Return the manifest of the backup `file` after checking every file in it.

    Raises InvalidError for a file that is no backup or damaged, ConflictError for one of another
    revision of the tables.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            for member, sha256 in manifest.members.items():
                with archive.open(member) as content:
                    _check(content, sha256, place=f"{file.name}/{member}")
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise InvalidError("backup-unreadable", place=file.name, reason=error) from error
    if manifest.revision != newest():
        raise ConflictError(
            "backup-revision",
            theirs=manifest.revision,
            ours=newest(),
            engine=manifest.engine,
        )
    return manifest


def restore(
    ledger: Ledger, file: Path, *, progress: Callable[[int], None] = lambda _: None
) -> Manifest:
    """Fill the empty `ledger` with the backup `file`, all of it or nothing.

    Anchors already in its home stay where they count more entries: they show what an old backup
    lacks. Raises ConflictError for a ledger with entries.
    """
    manifest = read_manifest(file)
    with zipfile.ZipFile(file) as archive, ledger.transaction(alone=True, anchored=False) as tx:
        if head(tx.conn).entries:
            raise ConflictError("restore-not-empty", home=ledger.settings.home)
        _restore_evidence(ledger, archive, manifest)
        for name, table in TABLES.items():
            if name == "sessions":  # signed for another home: everybody signs in once more
                continue
            with archive.open(f"tables/{name}.jsonl") as lines:
                for rows in _pages(lines):
                    _insert(tx.conn, table, rows)
                    progress(len(rows))
        _restore_anchors(ledger, archive, manifest)
    return manifest


def older(home: Path, manifest: Manifest) -> Older | None:
    """Return the last anchor on file where it counts more entries than the backup has."""
    last = next(reversed(anchors(home)), None)
    if last and last.entries > manifest.entries:
        return Older(last.on, last.entries)
    return None


def _lines(
    conn: sa.Connection, table: sa.Table, progress: Callable[[int], None]
) -> Iterator[bytes]:
    columns = list(table.columns)
    query = sa.select(table).order_by(*table.primary_key)
    rows = conn.execute(query, execution_options={"yield_per": CHUNK})
    for number, row in enumerate(rows, 1):
        require_text(row)
        values = {c.name: _plain(value) for c, value in zip(columns, row, strict=True)}
        yield canonical(values).encode() + b"\n"
        if not number % CHUNK:
            progress(CHUNK)


def _plain(value: Any) -> Any:
    """Return `value` as a JSON value."""
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _read(column: sa.Column[Any], value: Any) -> Any:
    """Return the value of `column` for a JSON value."""
    if value is None:
        return None
    match column.type:
        case Instant():
            return datetime.fromisoformat(value)
        case sa.Date():
            return date.fromisoformat(value)
        case Names():
            return tuple(value)
    return value


def _pages(lines: IO[bytes]) -> Iterator[list[dict[str, Any]]]:
    while page := [json.loads(line) for line in islice(lines, CHUNK)]:
        yield page


def _insert(conn: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]) -> None:
    columns = list(table.columns)
    values = [tuple(_read(c, row[c.name]) for c in columns) for row in rows]
    bulk_rows.insert(conn, table, names=[c.name for c in columns], rows=values)


def _put(archive: zipfile.ZipFile, member: str, pieces: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    with archive.open(member, "w", force_zip64=True) as out:
        for piece in pieces:
            digest.update(piece)
            out.write(piece)
    return digest.hexdigest()


def _check(content: IO[bytes], sha256: str, *, place: str) -> None:
    digest = hashlib.sha256()
    while piece := content.read(PIECE):
        digest.update(piece)
    if digest.hexdigest() != sha256:
        raise InvalidError("backup-damaged", place=place)


class _UnreadableError(Exception):
    """A file of the home that the disk does not give back."""


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except OSError as error:
        raise _UnreadableError from error


def _restore_evidence(ledger: Ledger, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    """Restore the evidence files before the rows that refer to them."""
    for member in manifest.members:
        if member.startswith(EVIDENCE):
            with archive.open(member) as content:
                ledger.evidence.bring(content, member.removeprefix(EVIDENCE))


def _restore_anchors(ledger: Ledger, archive: zipfile.ZipFile, manifest: Manifest) -> None:
    if ANCHORS in manifest.members and older(ledger.settings.home, manifest) is None:
        anchor_file(ledger.settings.home).write_bytes(archive.read(ANCHORS))
