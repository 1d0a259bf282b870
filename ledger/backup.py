"""A whole ledger in one zip, and one made from it: the same rows on SQLite as on PostgreSQL.

It holds what people's secrets are checked against, so it is as private as the ledger itself.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from datetime import date, datetime
from importlib.metadata import version
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from catalog.errors import ConflictError, InvalidError
from ledger.proof.anchors import anchor_file, anchors
from ledger.proof.chain import CHUNK, canonical, head
from ledger.store import bulk_rows
from ledger.store.migrate import newest
from ledger.tables import TABLES, Instant, Names, instant_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from ledger.session import Ledger

FORMAT = 1
MANIFEST = "manifest.json"
ANCHORS = "anchors.jsonl"
EVIDENCE = "evidence/"
PIECE = 1024 * 1024


class Manifest(NamedTuple):
    """What a backup says of itself: `members` are the SHA-256 of each file in it."""

    format: int
    engine: str
    revision: str
    made_at: str
    entries: int
    head: str
    members: dict[str, str]


class Older(NamedTuple):
    """An anchor on file that knows of more history than a backup holds."""

    on: date
    entries: int


def write(
    ledger: Ledger,
    file: IO[bytes],
    *,
    at: datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> Manifest:
    """Write the ledger as it is at one moment, with its evidence and anchors.

    `progress` is told of every few thousand rows more. Whoever works meanwhile is not stopped.
    """
    members: dict[str, str] = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, ledger.read() as conn:
        for name, table in TABLES.items():
            member = f"tables/{name}.jsonl"
            members[member] = _put(archive, member, _lines(conn, table, progress))
        for path in ledger.evidence.files():  # written before they are named, so none is missing
            member = f"{EVIDENCE}{path.name}"
            members[member] = _put(archive, member, _pieces(path))
        if anchor_file(ledger.settings.home).exists():
            members[ANCHORS] = _put(archive, ANCHORS, _pieces(anchor_file(ledger.settings.home)))
        entries, last = head(conn)
        engine = version("duban")
        made = Manifest(FORMAT, engine, newest(), instant_text(at), entries, last, members)
        archive.writestr(MANIFEST, canonical(made._asdict()))
    return made


def read_manifest(file: Path) -> Manifest:
    """Return what the backup `file` says of itself, every file in it being as it was written.

    Raises InvalidError for a file that is none or was damaged, ConflictError for one of another
    revision of the tables.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            told = Manifest(**json.loads(archive.read(MANIFEST)))
            for member, sha256 in told.members.items():
                with archive.open(member) as content:
                    _check(content, sha256, place=f"{file.name}/{member}")
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile) as error:
        raise InvalidError("backup-unreadable", place=file.name, reason=error) from error
    if told.revision != newest():
        ours, theirs = newest(), told.revision
        raise ConflictError("backup-revision", theirs=theirs, ours=ours, engine=told.engine)
    return told


def restore(
    ledger: Ledger, file: Path, *, progress: Callable[[int], None] = lambda _: None
) -> Manifest:
    """Fill the empty `ledger` with the backup `file`, whole or not at all.

    The anchors that lie in its home already stay where they know more: they tell what an old
    backup lacks. ConflictError for a ledger that holds anything.
    """
    told = read_manifest(file)
    with zipfile.ZipFile(file) as archive, ledger.transaction(alone=True) as tx:
        if head(tx.conn).entries:
            raise ConflictError("restore-not-empty", home=ledger.settings.home)
        _bring_evidence(ledger, archive, told)
        for name, table in TABLES.items():
            with archive.open(f"tables/{name}.jsonl") as lines:
                for rows in _pages(lines):
                    _insert(tx.conn, table, rows)
                    progress(len(rows))
        _bring_anchors(ledger, archive, told)
    return told


def older(home: Path, told: Manifest) -> Older | None:
    """Return the last anchor on file where it knows of more history than the backup holds."""
    known = anchors(home)
    if known and known[-1].entries > told.entries:
        return Older(known[-1].on, known[-1].entries)
    return None


def _lines(
    conn: sa.Connection, table: sa.Table, progress: Callable[[int], None]
) -> Iterator[bytes]:
    columns = list(table.columns)
    wanted = sa.select(table).order_by(*table.primary_key)
    found = conn.execute(wanted, execution_options={"yield_per": CHUNK})
    for number, row in enumerate(found, 1):
        values = {c.name: _said(value) for c, value in zip(columns, row, strict=True)}
        yield canonical(values).encode() + b"\n"
        if not number % CHUNK:
            progress(CHUNK)


def _said(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


def _read(column: sa.Column[Any], value: Any) -> Any:
    """Return a value of `column` from what JSON had of it."""
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


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _bring_evidence(ledger: Ledger, archive: zipfile.ZipFile, told: Manifest) -> None:
    """Put the files of evidence back before any row names them."""
    for member in told.members:
        if member.startswith(EVIDENCE):
            with archive.open(member) as content:
                ledger.evidence.bring(content, member.removeprefix(EVIDENCE))


def _bring_anchors(ledger: Ledger, archive: zipfile.ZipFile, told: Manifest) -> None:
    if ANCHORS in told.members and older(ledger.settings.home, told) is None:
        anchor_file(ledger.settings.home).write_bytes(archive.read(ANCHORS))
