"""Evidence files: stored by their SHA-256 outside the database, and verified against it."""

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
from catalog.duties.file_types import is_archive, media_type, media_type_of
from catalog.errors import InvalidError, NotFoundError
from ledger.child import call_in_child
from ledger.proof.chain import Fault
from ledger.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

EVIDENCE = TABLES["evidence"]
ENTRIES = TABLES["entries"]
READINGS = TABLES["readings"]
CHUNK = 1024 * 1024
WAITING = "incoming"
MB = 1024 * 1024


class EvidenceFile(NamedTuple):
    """A file that was received and checked, and is staged on the disk to be kept.

    `kind` is its label (evidence_rules.LABELS), `size` is in bytes.
    """

    kind: str
    name: str
    media_type: str
    size: int
    sha256: str
    staged: Path


class Tray:
    """Staging directory for files between their arrival and the deed that records them."""

    def __init__(self, place: Path, limit: int) -> None:
        self._place = place
        self._limit = limit

    def take(self, source: IO[bytes], *, name: str, kind: str) -> EvidenceFile:
        """Write `source` to the disk and check it; raises InvalidError.

        It is read once, in pieces, and no further than the limit.
        """
        file_name = safe_name(name)
        with tempfile.NamedTemporaryFile(dir=self._place, delete=False) as file:
            digest, size = self._copy(source, file, file_name)
            file.flush()
            os.fsync(file.fileno())
        staged = Path(file.name)
        type_ = _media_type(file_name, staged)
        return EvidenceFile(kind, file_name, type_, size, digest, staged)

    def bring(self, source: IO[bytes], sha256: str) -> EvidenceFile:
        """Stage `source`, a file with this hash that was checked when it first arrived."""
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

    duban never changes or deletes a file. The store of a rehearsal keeps nothing.
    """

    def __init__(self, root: Path, *, limit: int, keeps: bool = True) -> None:
        self.root = root
        self.limit = limit
        self.keeps = keeps

    @contextmanager
    def tray(self) -> Iterator[Tray]:
        """Provide a tray for arriving files; those not kept are deleted when it ends."""
        waiting = self.root / WAITING
        for directory in (self.root, waiting):
            directory.mkdir(mode=0o700, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=waiting) as place:
            yield Tray(Path(place), self.limit)

    def keep(self, file: EvidenceFile) -> None:
        """Move `file` to its place and flush it to the disk, before the entry that records it.

        The same content again takes the same place.
        """
        if not self.keeps:
            return
        place = self.path(file.sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        file.staged.replace(place)
        for directory in (place.parent, self.root, self.root.parent):
            _flush(directory)

    def bring(self, source: IO[bytes], sha256: str) -> None:
        """Keep a file from a backup, which was checked when it first arrived."""
        with self.tray() as tray:
            self.keep(tray.bring(source, sha256))

    def files(self) -> Iterator[Path]:
        """Yield the files in the store, by hash."""
        for path in sorted(self.root.glob("??/*")):
            if path == self.path(path.name):
                yield path

    def read(self, sha256: str) -> bytes:
        """Return the file with this hash; NotFoundError where it is missing or changed."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            content = b""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise NotFoundError("evidence-lost", sha256=sha256)
        return content

    def path(self, sha256: str) -> Path:
        """Return the path of the file with this hash."""
        return self.root / sha256[:2] / sha256

    def faults(
        self, conn: sa.Connection, *, digest_of: Callable[[str], str | None] | None = None
    ) -> Iterator[Fault]:
        """Yield a fault for every recorded file that is missing, changed or swapped.

        `digest_of` gives the SHA-256 of the file with a name, by default of the one in the store.
        """
        digest_of = digest_of or self._digest
        recorded: dict[str, list[sa.Row[Any]]] = {}
        for row in conn.execute(sa.select(EVIDENCE).order_by(EVIDENCE.c.id)):
            recorded.setdefault(row.sha256, []).append(row)
        for sha256, rows in recorded.items():
            digest = digest_of(sha256)
            if digest != sha256:
                what = _what(digest, recorded)
                for row in rows:
                    text = f"{what}: evidence {row.name} ({row.id}) of {row.duty}"
                    yield Fault(_entry(conn, row), text)

    def strays(self, conn: sa.Connection) -> Iterator[Path]:
        """Yield the files that no entry records: those of an interrupted deed, or foreign ones."""
        recorded = set(conn.scalars(sa.select(EVIDENCE.c.sha256)))
        for path in sorted(self.root.rglob("*")):
            if path.is_file() and not (path.name in recorded and path == self.path(path.name)):
                yield path

    def _digest(self, sha256: str) -> str | None:
        try:
            with self.path(sha256).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            return None


def _media_type(name: str, staged: Path) -> str:
    """Return the media type of a staged file; one that must be unpacked is judged in a child."""
    with staged.open("rb") as content:
        if not is_archive(content):
            return media_type(name, content)
    return call_in_child(media_type_of, name, staged, place=name)


def other_labels(conn: sa.Connection, duty: str) -> frozenset[str]:
    """Return the evidence labels of the duty's items and readings, outside its filings.

    A reading states its source in words.
    """
    items = sa.select(EVIDENCE.c.kind).where(EVIDENCE.c.duty == duty, EVIDENCE.c.item.is_not(None))
    read = conn.scalar(sa.select(READINGS.c.id).where(READINGS.c.duty == duty).limit(1))
    return frozenset(conn.scalars(items)) | ({"source"} if read else set())


def _what(digest: str | None, recorded: dict[str, list[sa.Row[Any]]]) -> str:
    if digest is None:
        return "missing"
    return f"swapped for {recorded[digest][0].name}" if digest in recorded else "changed"


def _entry(conn: sa.Connection, row: sa.Row[Any]) -> int | None:
    """Return the number of the entry that recorded this row of `evidence`."""
    records = ENTRIES.c.payload.contains(f'["evidence","{row.id}",', autoescape=True)
    query = sa.select(sa.func.min(ENTRIES.c.seq)).where(ENTRIES.c.subject == row.duty, records)
    seq: int | None = conn.scalar(query)
    return seq


def _flush(directory: Path) -> None:
    """Flush the file names in `directory` to the disk."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
