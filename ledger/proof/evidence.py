"""The files that prove something: kept by their hash outside the database, and looked at again."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from catalog.duties.evidence_rules import safe_name
from catalog.duties.file_types import media_type
from catalog.errors import InvalidError, NotFoundError
from ledger.proof.chain import Fault
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator

EVIDENCE = TABLES["evidence"]
ENTRIES = TABLES["entries"]
READINGS = TABLES["readings"]
CHUNK = 1024 * 1024
WAITING = "incoming"
MB = 1024 * 1024


class EvidenceFile(NamedTuple):
    """A file that was received, checked and written to the disk, and waits to be kept.

    `kind` is its label (evidence_rules.LABELS), `size` in bytes, `staged` where it waits.
    """

    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    staged: Path


class Tray:
    """Where files wait between their arrival and the deed that names them."""

    def __init__(self, place: Path, limit: int) -> None:
        self._place = place
        self._limit = limit

    def take(self, source: IO[bytes], *, name: str, kind: str) -> EvidenceFile:
        """Write `source` to the disk and check it; InvalidError with `place` when it is refused.

        It is read once, in pieces, and no further than the limit.
        """
        shown = safe_name(name)
        with tempfile.NamedTemporaryFile(dir=self._place, delete=False) as file:
            digest, size = self._copy(source, file, shown)
            file.flush()
            os.fsync(file.fileno())
        staged = Path(file.name)
        with staged.open("rb") as content:
            found = media_type(shown, content)
        return EvidenceFile(kind, shown, found, size, digest, staged)

    def bring(self, source: IO[bytes], sha256: str) -> EvidenceFile:
        """Write `source`, a file of that hash that was checked when it first came."""
        with tempfile.NamedTemporaryFile(dir=self._place, delete=False) as file:
            shutil.copyfileobj(source, file, CHUNK)
            file.flush()
            os.fsync(file.fileno())
        return EvidenceFile("", "", "", 0, sha256, Path(file.name))

    def _copy(self, source: IO[bytes], file: IO[bytes], name: str) -> tuple[str, int]:
        digest, size = hashlib.sha256(), 0
        while piece := source.read(CHUNK):
            size += len(piece)
            if size > self._limit:
                raise InvalidError("evidence-too-large", place=name, most=self._limit // MB)
            digest.update(piece)
            file.write(piece)
        if not size:
            raise InvalidError("evidence-empty", place=name)
        return digest.hexdigest(), size


class Store:
    """The evidence of one installation: `root/ab/ab12…` is the file of that SHA-256.

    Files are never changed and never deleted by duban. A rehearsal's store keeps nothing.
    """

    def __init__(self, root: Path, *, limit: int, keeps: bool = True) -> None:
        self.root = root
        self.limit = limit
        self.keeps = keeps

    @contextmanager
    def tray(self) -> Iterator[Tray]:
        """Give a tray for arriving files; what was not kept from it when it ends is gone."""
        waiting = self.root / WAITING
        for directory in (self.root, waiting):
            directory.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=waiting) as place:
            yield Tray(Path(place), self.limit)

    def keep(self, file: EvidenceFile) -> None:
        """Move `file` to its place for good; call it before the entry that names it is written.

        It is on the disk when this returns. The same content again takes the same place.
        """
        if not self.keeps:
            return
        place = self.path(file.sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        file.staged.replace(place)
        for directory in (place.parent, self.root, self.root.parent):
            _settle(directory)

    def bring(self, source: IO[bytes], sha256: str) -> None:
        """Keep a file that was kept before and checked when it came: of a backup, by its hash."""
        with self.tray() as tray:
            self.keep(tray.bring(source, sha256))

    def files(self) -> Iterator[Path]:
        """Yield the files that are kept, by hash."""
        for path in sorted(self.root.glob("??/*")):
            if path == self.path(path.name):
                yield path

    def read(self, sha256: str) -> bytes:
        """Return the file of that hash: what was handed in, or NotFoundError, nothing else."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            content = b""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise NotFoundError("evidence-lost", sha256=sha256)
        return content

    def path(self, sha256: str) -> Path:
        """Return where the file of that hash lies."""
        return self.root / sha256[:2] / sha256

    def faults(self, conn: sa.Connection) -> Iterator[Fault]:
        """Yield every file the ledger names that is missing, changed or swapped for another."""
        named: dict[str, list[sa.Row[Any]]] = {}
        for row in conn.execute(sa.select(EVIDENCE).order_by(EVIDENCE.c.id)):
            named.setdefault(row.sha256, []).append(row)
        for sha256, rows in named.items():
            found = self._found(sha256)
            if found != sha256:
                what = _what(found, named)
                for row in rows:
                    said = f"{what}: evidence {row.name} ({row.id}) of {row.duty}"
                    yield Fault(_entry(conn, row), said)

    def strays(self, conn: sa.Connection) -> Iterator[Path]:
        """Yield the files no entry names: left by a deed that was cut off, or not ours."""
        named = set(conn.scalars(sa.select(EVIDENCE.c.sha256)))
        for path in sorted(self.root.rglob("*")):
            if path.is_file() and not (path.name in named and path == self.path(path.name)):
                yield path

    def _found(self, sha256: str) -> str | None:
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None


def brought(conn: sa.Connection, duty: str) -> frozenset[str]:
    """Return the labels the duty has outside its filings: with its items, by its readings.

    A reading names its source in words.
    """
    items = sa.select(EVIDENCE.c.kind).where(EVIDENCE.c.duty == duty, EVIDENCE.c.item.is_not(None))
    read = conn.scalar(sa.select(READINGS.c.id).where(READINGS.c.duty == duty).limit(1))
    return frozenset(conn.scalars(items)) | ({"source"} if read else set())


def _what(found: str | None, named: dict[str, list[sa.Row[Any]]]) -> str:
    if found is None:
        return "missing"
    return f"swapped for {named[found][0].name}" if found in named else "changed"


def _entry(conn: sa.Connection, row: sa.Row[Any]) -> int | None:
    """Return the first entry that made this row of `evidence`."""
    told = ENTRIES.c.payload.contains(f'["evidence","{row.id}",', autoescape=True)
    query = sa.select(sa.func.min(ENTRIES.c.seq)).where(ENTRIES.c.subject == row.duty, told)
    seq: int | None = conn.scalar(query)
    return seq


def _settle(directory: Path) -> None:
    """Wait until the names in `directory` are on the disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
